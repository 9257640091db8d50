import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createAuthClient, memoryStore, refreshAhead } from '../../../src/client/index.js';
import { settled, VirtualClock } from '../../support/virtual-clock.js';
import { jwt, Wire } from '../../support/wire.js';

let clock: VirtualClock;
let wire: Wire;

beforeEach(() => {
  clock = new VirtualClock();
  wire = new Wire();
});

/** A client whose token lives so many seconds, or has no end. */
const clientFor = (life: number | null, random = () => 0) => {
  const store = memoryStore(life === null ? 't0' : lasting(life));
  return createAuthClient({ refresh: wire.refresh, fetch: wire.fetch, store, clock, random });
};
const lasting = (seconds: number) => jwt({ exp: Math.floor(clock.now() / 1000) + seconds });

describe('a refresh ahead of need', () => {
  it('comes in good time, but not the moment a short-lived token arrives', async () => {
    refreshAhead(clientFor(100), 20_000);
    await clock.advance(79_999);
    expect(wire.refreshes).toHaveLength(0);
    await clock.advance(1);
    wire.refreshing().give(lasting(15));
    await clock.advance(9_999);
    expect(wire.refreshes).toHaveLength(1);
    await clock.advance(1);
    expect(wire.refreshes).toHaveLength(2);
  });

  it('comes up to a fifth of its lead earlier, at random', async () => {
    refreshAhead(
      clientFor(100, () => 0.5),
      20_000,
    );
    await clock.advance(77_999);
    expect(wire.refreshes).toHaveLength(0);
    await clock.advance(1);
    expect(wire.refreshes).toHaveLength(1);
  });

  it('is planned once for each token: what else happens does not move it', async () => {
    let random = 0;
    const client = clientFor(100, () => random);
    refreshAhead(client, 20_000);
    random = 0.9;
    void client.fetch('/me');
    await settled();
    wire.call(0).answer(200);
    await clock.advance(79_999);
    expect(wire.refreshes).toHaveLength(0);
    await clock.advance(1);
    expect(wire.refreshes).toHaveLength(1);
  });

  it('waits out a cool-down', async () => {
    refreshAhead(clientFor(100), 20_000);
    await clock.advance(80_000);
    wire.refreshing().give({ status: 503, retryAfter: 9_000 });
    await clock.advance(8_999);
    expect(wire.refreshes).toHaveLength(1);
    await clock.advance(1);
    expect(wire.refreshes).toHaveLength(2);
  });

  it('waits for somebody to sign in', async () => {
    const client = createAuthClient({ refresh: wire.refresh, fetch: wire.fetch, clock, random: () => 0 });
    refreshAhead(client, 20_000);
    expect(clock.pending).toBe(0);
    client.signIn(lasting(100));
    await clock.advance(80_000);
    expect(wire.refreshes).toHaveLength(1);
  });

  it('does not come for somebody who has signed out', async () => {
    const client = clientFor(100);
    refreshAhead(client, 20_000);
    void client.signOut();
    expect(clock.pending).toBe(0);
  });

  it('is not needed for a token without an end', () => {
    refreshAhead(clientFor(null), 20_000);
    expect(clock.pending).toBe(0);
  });

  it('does not come sooner for a token that lives longer than a timer can count', async () => {
    refreshAhead(clientFor(60 * 86_400), 20_000);
    expect(clock.next).toBe(2 ** 31 - 1);
    await clock.advance(60 * 86_400_000 - 20_001);
    expect(wire.refreshes).toHaveLength(0);
    await clock.advance(1);
    expect(wire.refreshes).toHaveLength(1);
  });

  it('does not come any more when it was stopped', async () => {
    const client = clientFor(100);
    const stop = refreshAhead(client, 20_000);
    stop();
    client.signIn(lasting(100));
    expect(clock.pending).toBe(0);
  });

  it('does not keep a process alive', () => {
    const unref = vi.fn();
    const timers = { now: clock.now, monotonic: clock.monotonic, setTimeout: () => ({ unref }), clearTimeout() {} };
    const store = memoryStore(lasting(100));
    refreshAhead(createAuthClient({ refresh: wire.refresh, fetch: wire.fetch, store, clock: timers }), 20_000);
    expect(unref).toHaveBeenCalledOnce();
  });
});
