import { describe, expect, it, vi } from 'vitest';
import { createAuthClient, memoryStore, type StoredCredential } from '../../src/client/index.js';
import { settled, VirtualClock } from '../support/virtual-clock.js';
import { response, Wire, watch } from '../support/wire.js';

const clientOf = (wire: Wire) =>
  createAuthClient({ refresh: wire.refresh, fetch: wire.fetch, store: memoryStore('t0'), clock: new VirtualClock() });

describe('headers', () => {
  it('that are repeated are joined (RFC 9110 5.3)', async () => {
    const wire = new Wire();
    const headers = [
      ['Accept', 'text/plain'],
      ['accept', 'text/html'],
    ];
    void clientOf(wire).fetch('/me', { headers: headers as never });
    await settled();
    expect(wire.call(0).init.headers).toEqual({ accept: 'text/plain, text/html', authorization: 'Bearer t0' });
  });

  it('may be null', async () => {
    const wire = new Wire();
    void clientOf(wire).fetch('/me', { headers: null as never });
    await settled();
    expect(wire.call(0).init.headers).toEqual({ authorization: 'Bearer t0' });
  });
});

it('a network failure says what was thrown', async () => {
  const wire = new Wire();
  const failed = clientOf(wire).fetch('/me');
  await settled();
  const thrown = new TypeError('fetch failed');
  wire.call(0).fail(thrown);
  await expect(failed).rejects.toMatchObject({ failure: { kind: 'network' }, cause: thrown });
});

describe('the connection of a refusal that nobody reads is freed', () => {
  it.each([
    ['0', 'read'],
    ['65536', 'read'],
    ['65537', 'cancelled'],
    [null, 'cancelled'],
  ])('with a content-length of %s it is %s', async (length, how) => {
    const arrayBuffer = vi.fn(async () => new ArrayBuffer(0));
    const cancel = vi.fn(async () => {});
    const refusal = { ...response(401, length === null ? {} : { 'content-length': length }, { cancel }), arrayBuffer };
    let calls = 0;
    const client = createAuthClient({
      refresh: async () => 't1',
      fetch: async () => (calls++ === 0 ? refusal : response(200)),
      store: memoryStore('t0'),
      clock: new VirtualClock(),
    });
    const answer = watch(client.fetch());
    await settled();
    expect(answer.now).toBe(200);
    expect([arrayBuffer.mock.calls.length, cancel.mock.calls.length]).toEqual(how === 'read' ? [1, 0] : [0, 1]);
  });
});

it('a request that is given up on its way is aborted, not a trouble of the network', async () => {
  const wire = new Wire();
  const controller = new AbortController();
  const answer = watch(clientOf(wire).fetch('/me', { signal: controller.signal }));
  await settled();
  controller.abort();
  await settled();
  expect(answer.now).toBe('aborted');
});

it('a Request whose body has been read is not sent a second time', async () => {
  const request = new Request('http://api.test/', { method: 'POST', body: 'hello' });
  await request.text();
  const sent: unknown[] = [];
  const client = createAuthClient({
    refresh: async () => 't1',
    fetch: async (input: Request) => {
      sent.push(input);
      return response(401);
    },
    store: memoryStore('t0'),
    clock: new VirtualClock(),
  });
  await expect(client.fetch(request)).rejects.toMatchObject({
    failure: { kind: 'auth', reason: 'body-not-replayable' },
  });
  expect(sent).toEqual([request]);
});

it('a refusal whose body cannot be cancelled is left as it is', async () => {
  const wire = new Wire();
  const answer = watch(clientOf(wire).fetch('/me'));
  await settled();
  wire.call(0).answer(401, {}, { async *[Symbol.asyncIterator]() {} });
  await settled();
  wire.refreshing().give('t1');
  await settled();
  wire.call(1).answer(200);
  await settled();
  expect(answer.now).toBe(200);
});

it('a request that has waited for a credential and is refused with it does not ask for another one', async () => {
  const wire = new Wire();
  const client = createAuthClient({ refresh: wire.refresh, fetch: wire.fetch, clock: new VirtualClock() });
  const failed = client.fetch('/me');
  await settled();
  wire.refreshing().give('t1');
  await settled();
  wire.call(0).answer(401);
  await expect(failed).rejects.toMatchObject({ failure: { kind: 'auth', reason: 'refused' } });
  expect([wire.calls.length, wire.refreshes.length]).toEqual([1, 1]);
});

it('a client begins with what is stored, and writes nothing by itself; nor what another holder wrote', () => {
  const wire = new Wire();
  const written: unknown[] = [];
  let tell: (stored: StoredCredential | null) => void = () => {};
  const on = (kept: StoredCredential | null) => {
    const subscribe = (listener: typeof tell) => {
      tell = listener;
      return () => {};
    };
    const store = { read: () => kept, write: (credential: unknown) => void written.push(credential), subscribe };
    return createAuthClient({ refresh: wire.refresh, fetch: wire.fetch, store, clock: new VirtualClock() });
  };
  expect(on(null).snapshot).toEqual({ status: 'unknown', user: null, generation: 0, session: 0 });
  const client = on({ token: 't0', expiresAt: null, user: 'a' });
  expect(client.snapshot).toMatchObject({ generation: 1, session: 1 });
  tell(null);
  expect(client.snapshot.status).toBe('signed-out');
  expect(written).toEqual([]);
});
