import { describe, expect, it, vi } from 'vitest';
import { createAuthClient, memoryStore } from '../../src/client/index.js';
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
