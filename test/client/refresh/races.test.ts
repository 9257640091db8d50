import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type AuthClient,
  type AuthClientOptions,
  createAuthClient,
  memoryStore,
  refreshAhead,
} from '../../../src/client/index.js';
import { settled, VirtualClock } from '../../support/virtual-clock.js';
import { jwt, type Outcome, Wire, watch } from '../../support/wire.js';

type Client = AuthClient<Wire['fetch']>;

let clock: VirtualClock;
let wire: Wire;
const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);

beforeEach(() => {
  clock = new VirtualClock();
  wire = new Wire();
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(async () => {
  await settled();
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
  expect(clock.shortest).toBeGreaterThanOrEqual(0);
});

function clientWith(options: Partial<AuthClientOptions<Wire['fetch']>> = {}): Client {
  return createAuthClient({
    refresh: wire.refresh,
    fetch: wire.fetch,
    store: memoryStore('t0'),
    clock,
    random: () => 0.5,
    ...options,
  });
}

/** Sends, has it refused, and leaves it waiting for a refresh. */
async function refused(client: Client, url = '/me', init: object = {}): Promise<Outcome> {
  const outcome = watch(client.fetch(url, init));
  await settled();
  wire.call(-1).answer(401);
  await settled();
  return outcome;
}

/** Refuses `t0`, refreshes to `t1`, answers the retry. */
async function renew(client: Client, status = 200): Promise<Outcome> {
  const outcome = await refused(client);
  wire.refreshing().give('t1');
  await settled();
  wire.call(-1).answer(status);
  await settled();
  return outcome;
}

describe('races of the coordinated refresh', () => {
  it('R1: twenty 401s in one tick cost one refresh and get twenty retries', async () => {
    const client = clientWith();
    const outcomes = Array.from({ length: 20 }, () => watch(client.fetch('/me')));
    await settled();
    for (const call of [...wire.calls]) call.answer(401);
    await settled();
    expect(wire.refreshes).toHaveLength(1);
    wire.refreshing().give('t1');
    await settled();
    expect(wire.calls.slice(20).map(({ token }) => token)).toEqual(Array(20).fill('t1'));
    for (const call of wire.calls.slice(20)) call.answer(200);
    await settled();
    expect(outcomes.map(({ now }) => now)).toEqual(Array(20).fill(200));
    expect(wire.refreshes).toHaveLength(1);
  });

  it('R2: a 401 that arrives after the commit is retried without a refresh', async () => {
    const client = clientWith();
    const late = watch(client.fetch('/late'));
    await settled();
    await renew(client);
    // old enough for the guards to allow a refresh: only the generation says that none is needed
    await clock.advance(100_000);
    wire.call(0).answer(401);
    await settled();
    expect(wire.refreshes).toHaveLength(1);
    expect(wire.call(-1)).toMatchObject({ url: '/late', token: 't1' });
    wire.call(-1).answer(200);
    await settled();
    expect(late.now).toBe(200);
  });

  it('R3: a 401 between the answer of the refresh and its commit joins the flight', async () => {
    const client = clientWith();
    const second = watch(client.fetch('/second'));
    const first = await refused(client);
    wire.refreshing().give('t1');
    wire.call(0).answer(401);
    await settled();
    expect(wire.refreshes).toHaveLength(1);
    wire.call(-1).answer(200);
    wire.call(-2).answer(200);
    await settled();
    expect([first.now, second.now]).toEqual([200, 200]);
  });

  it('R4: a proactive refresh and a 401 share one flight', async () => {
    const exp = Math.floor(clock.now() / 1000) + 100;
    const client = clientWith({ store: memoryStore(jwt({ exp })), random: () => 0 });
    refreshAhead(client, 30_000);
    const outcome = watch(client.fetch('/me'));
    await clock.advance(69_000);
    expect(wire.refreshes).toHaveLength(0);
    await clock.advance(1_000);
    expect(wire.refreshes).toHaveLength(1);
    wire.call(0).answer(401);
    await settled();
    wire.refreshing().give(jwt({ exp: exp + 900 }));
    await settled();
    wire.call(1).answer(200);
    await settled();
    expect(outcome.now).toBe(200);
    expect(wire.refreshes).toHaveLength(1);
  });

  it('R5: sign-out while the refresh is on the wire: no commit, no send, the waiters hear of it', async () => {
    const store = memoryStore('t0');
    const client = clientWith({ store });
    const outcome = await refused(client);
    void client.signOut();
    expect(wire.refreshing().signal.aborted).toBe(true);
    wire.refreshing().give('t1');
    await settled();
    expect(outcome.now).toBe('signed-out');
    expect(store.read()).toBeNull();
    expect(wire.calls).toHaveLength(1);
  });

  it('R6: the token of A never serves B, who signed in while the refresh of A was on the wire', async () => {
    const client = clientWith();
    const ofA = await refused(client, '/a');
    client.signIn('b0', { user: 'b' });
    wire.refreshing().give('a1');
    await settled();
    expect(ofA.now).toBe('signed-out');
    const ofB = watch(client.fetch('/b'));
    await settled();
    expect(wire.call(-1)).toMatchObject({ url: '/b', token: 'b0' });
    wire.call(-1).answer(200);
    await settled();
    expect(ofB.now).toBe(200);
    expect(wire.calls.map(({ token }) => token)).not.toContain('a1');
  });

  it('R6: a request of A that is refused after B signed in is not repeated as B', async () => {
    const client = clientWith();
    const ofA = watch(client.fetch('/a'));
    await settled();
    client.signIn('b0', { user: 'b' });
    wire.call(0).answer(401);
    await settled();
    expect(ofA.now).toBe('signed-out');
    expect(wire.calls).toHaveLength(1);
  });

  it('R6: a cookie that has become that of B does not finish the requests of A', async () => {
    const client = clientWith({ store: memoryStore(jwt({ sub: 'a', n: 0 })) });
    const ofA = await refused(client);
    wire.refreshing().give(jwt({ sub: 'b', n: 1 }));
    await settled();
    expect(ofA.now).toBe('signed-out');
    expect(wire.calls).toHaveLength(1);
    expect(client.snapshot).toMatchObject({ status: 'signed-in', user: 'b' });
  });

  it('R7: an answer after the time limit is dropped', async () => {
    const client = clientWith();
    const outcome = await refused(client);
    await clock.advance(29_999);
    expect(outcome.now).toBe('pending');
    const call = wire.refreshing();
    await clock.advance(1);
    expect(outcome.now).toBe('refresh-timeout');
    expect(call.signal.aborted).toBe(true);
    call.give('late');
    await settled();
    const next = watch(client.fetch('/next'));
    await settled();
    expect(wire.call(-1).token).toBe('t0');
    wire.call(-1).answer(200);
    await settled();
    expect(next.now).toBe(200);
  });

  it('R7: a refresh that does not listen to its signal is given up all the same', async () => {
    const client = clientWith({ refresh: () => new Promise(() => {}) });
    const outcome = await refused(client);
    await clock.advance(30_000);
    expect(outcome.now).toBe('refresh-timeout');
  });

  it('R8: time-out, second refresh, then the first one answers: the newer credential stays', async () => {
    const answers: ((token: string) => void)[] = [];
    const client = clientWith({ refresh: () => new Promise((resolve) => answers.push(resolve)) });
    await refused(client);
    await clock.advance(30_000 + 5_000);
    const second = await refused(client);
    answers[1]?.('new');
    await settled();
    answers[0]?.('old');
    await settled();
    wire.call(-1).answer(200);
    await settled();
    expect(second.now).toBe(200);
    expect(await client.token()).toBe('new');
  });

  it('R9: the first waiter gives up, the others succeed', async () => {
    const client = clientWith();
    const controller = new AbortController();
    const first = await refused(client, '/first', { signal: controller.signal });
    const second = await refused(client, '/second');
    controller.abort();
    await settled();
    expect([first.now, second.now]).toEqual(['aborted', 'pending']);
    expect(wire.refreshing().signal.aborted).toBe(false);
    wire.refreshing().give('t1');
    await settled();
    expect(wire.call(-1).url).toBe('/second');
    wire.call(-1).answer(200);
    await settled();
    expect(second.now).toBe(200);
    expect(wire.calls).toHaveLength(3);
  });

  it('R10: when all give up the refresh is aborted, and the next request starts another', async () => {
    const client = clientWith();
    const controllers = [new AbortController(), new AbortController()];
    const outcomes: Outcome[] = [];
    for (const { signal } of controllers) outcomes.push(await refused(client, '/me', { signal }));
    for (const controller of controllers) controller.abort();
    await settled();
    expect(outcomes.map(({ now }) => now)).toEqual(['aborted', 'aborted']);
    expect(wire.refreshing().signal.aborted).toBe(true);
    await refused(client);
    expect(wire.refreshes).toHaveLength(2);
  });

  it('R11: a refresh that is limited is asked once by 50 callers, and again only after the cool-down', async () => {
    const client = clientWith();
    const outcomes = Array.from({ length: 50 }, () => watch(client.fetch('/me')));
    await settled();
    for (const call of wire.calls) call.answer(401);
    await settled();
    wire.refreshing().give({ status: 429, retryAfter: 20_000 });
    await settled();
    expect(new Set(outcomes.map(({ now }) => now))).toEqual(new Set(['refresh-unavailable']));
    await clock.advance(19_999);
    expect((await refused(client)).now).toBe('refresh-cooldown');
    expect(wire.refreshes).toHaveLength(1);
    await clock.advance(1);
    await refused(client);
    expect(wire.refreshes).toHaveLength(2);
    wire.refreshing().give('t1');
    await settled();
    expect(wire.call(-1).token).toBe('t1');
  });

  it('R12: a new token that is refused too ends after two attempts, and later calls start no storm', async () => {
    const client = clientWith();
    expect((await renew(client, 401)).now).toBe('auth');
    expect(wire.calls).toHaveLength(2);
    for (let call = 0; call < 50; call++) {
      await clock.advance(1_000);
      expect((await refused(client)).now).toBe('auth-breaker');
    }
    expect(wire.refreshes).toHaveLength(1);
    // not for ever: a backend that is mended is found out
    await clock.advance(10_000);
    await refused(client);
    expect(wire.refreshes).toHaveLength(2);
  });

  it('R13: one route that always refuses does not touch the others', async () => {
    const client = clientWith();
    expect((await renew(client, 401)).now).toBe('auth');
    for (let round = 0; round < 20; round++) {
      await clock.advance(2_000);
      const good = watch(client.fetch('/good'));
      await settled();
      wire.call(-1).answer(200);
      await settled();
      expect(good.now).toBe(200);
      expect((await refused(client, '/bad')).now).toBe('auth-breaker');
    }
    expect(wire.refreshes).toHaveLength(1);
  });

  it('R13: a proven credential that is refused is not renewed within ten seconds of the last time', async () => {
    const client = clientWith();
    expect((await renew(client)).now).toBe(200);
    await clock.advance(9_999);
    expect((await refused(client)).now).toBe('auth-fresh');
    await clock.advance(1);
    await refused(client);
    expect(wire.refreshes).toHaveLength(2);
  });

  it.each([
    ['a stream', () => new ReadableStream()],
    ['a generator', () => (async function* () {})()],
    ['an iterator', () => [new Uint8Array(1)].values()],
    ['a stream of another library', () => ({ getReader: () => ({}) })],
  ])('R14: a POST with %s is not sent twice', async (_name, body) => {
    const client = clientWith();
    const failed = client.fetch('/me', { method: 'POST', body: body() });
    await settled();
    wire.call(0).answer(401);
    await expect(failed).rejects.toMatchObject({ failure: { kind: 'auth', reason: 'body-not-replayable' } });
    expect(wire.calls).toHaveLength(1);
    expect(wire.refreshes).toHaveLength(0);
  });

  it.each([
    ['a form', new URLSearchParams('a=1')],
    ['bytes', new Uint8Array([1])],
    ['nothing', null],
  ])('R14: a POST with %s goes out again', async (_name, body) => {
    const client = clientWith();
    await refused(client, '/me', { method: 'POST', body });
    wire.refreshing().give('t1');
    await settled();
    expect(wire.call(-1)).toMatchObject({ token: 't1', init: { body } });
  });

  it('R14: a POST with a text goes out again as it was', async () => {
    const client = clientWith();
    await refused(client, '/me', { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } });
    wire.refreshing().give('t1');
    await settled();
    expect(wire.call(-1).init).toMatchObject({
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json', authorization: 'Bearer t1' },
    });
  });

  it('R15: a refresh that throws at once leaves no flight behind', async () => {
    let broken = true;
    const client = clientWith({
      refresh: (signal) => {
        if (broken) throw new Error('synchronously');
        return wire.refresh(signal);
      },
    });
    expect((await refused(client)).now).toBe('refresh-unavailable');
    broken = false;
    await clock.advance(5_000);
    await refused(client);
    expect(wire.refreshes).toHaveLength(1);
  });

  it.each([3_600_000, -3_600_000])('R16: a wall clock that jumps by %i ms changes nothing', async (jump) => {
    const date = new Date(clock.now()).toUTCString();
    const exp = Math.floor(clock.now() / 1000) + 900;
    const client = clientWith({ store: memoryStore(jwt({ exp, n: 0 })) });
    const outcome = watch(client.fetch('/me'));
    await settled();
    wire.call(0).answer(401, { date });
    await settled();
    clock.jump(jump);
    await clock.advance(2_000);
    wire.refreshing().give(jwt({ exp, n: 1 }));
    await settled();
    wire.call(1).answer(200);
    await settled();
    expect(outcome.now).toBe(200);
    const next = watch(client.fetch('/next'));
    await settled();
    expect(wire.calls).toHaveLength(3);
    wire.call(2).answer(200);
    await settled();
    expect(next.now).toBe(200);
    expect(wire.refreshes).toHaveLength(1);
  });

  it('R16: a token is as old as the server says, not as a wrong wall clock does', async () => {
    clock.jump(3_600_000);
    const server = clock.now() - 3_600_000;
    const exp = Math.floor(server / 1000) + 900;
    const client = clientWith();
    const outcome = await refused(client);
    wire.refreshing().give({ token: jwt({ exp }), date: new Date(server).toUTCString() });
    await settled();
    wire.call(-1).answer(200);
    await settled();
    expect(outcome.now).toBe(200);
    await clock.advance(889_000);
    watch(client.fetch('/still'));
    await settled();
    expect(wire.refreshes).toHaveLength(1);
    await clock.advance(1_000);
    watch(client.fetch('/stale'));
    await settled();
    expect(wire.refreshes).toHaveLength(2);
  });

  it('R20: an interrupt in a flight aborts the refresh and every waiter', async () => {
    const interrupted = new AbortController();
    const client = clientWith();
    const outcomes = [await refused(client, '/a', { signal: interrupted.signal })];
    outcomes.push(await refused(client, '/b', { signal: interrupted.signal }));
    interrupted.abort('SIGINT');
    await settled();
    expect(outcomes.map(({ now }) => now)).toEqual(['aborted', 'aborted']);
    expect(wire.refreshing().signal.aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });
});
