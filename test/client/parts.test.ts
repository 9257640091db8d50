import { expect, it } from 'vitest';
import { createAuthCore, memoryStore, socketsOf, streamsOf, webSocketPort } from '../../src/client/index.js';
import { settled, VirtualClock } from '../support/virtual-clock.js';
import { Wire, watch } from '../support/wire.js';

const coreWith = (wire: Wire) =>
  createAuthCore({
    refresh: wire.refresh,
    fetch: wire.fetch,
    store: memoryStore('t0'),
    clock: new VirtualClock(),
    random: () => 0.5,
  });

it('a client without streams and sockets has neither', () => {
  const core = coreWith(new Wire());
  expect(core).not.toHaveProperty('stream');
  expect(core).not.toHaveProperty('socket');
});

it('a stream that was added waits for the same refresh as everybody', async () => {
  const wire = new Wire();
  const core = coreWith(wire);
  const stream = streamsOf(core);
  const answer = watch(core.fetch('/me'));
  const first = stream('/chat').next();
  const sent = () => wire.calls.map(({ token }) => token);
  await settled();
  for (const call of wire.calls) call.answer(401);
  await settled();
  expect(wire.refreshes).toHaveLength(1);
  wire.refreshing().give('t1');
  await settled();
  expect(sent()).toEqual(['t0', 't0', 't1', 't1']);
  for (const call of wire.calls.slice(2))
    call.answer(200, { 'content-type': 'text/event-stream' }, new Response('data: hello\n\n').body);
  expect((await first).value).toEqual({ kind: 'event', id: undefined, name: 'message', data: 'hello' });
  await settled();
  expect(answer.now).toBe(200);
});

it('a socket that was added opens with the credential of its client and closes with its session', async () => {
  const wire = new Wire();
  const core = coreWith(wire);
  const urls: string[] = [];
  const closed: (number | undefined)[] = [];
  class FakeSocket {
    binaryType = '';
    onopen: (() => void) | null = null;
    onmessage = null;
    onclose = null;
    onerror = null;
    constructor(url: string) {
      urls.push(url);
    }
    send(): void {}
    close(code?: number): void {
      closed.push(code);
    }
  }
  const socket = socketsOf(core)('ws://x/ws', { auth: { mode: 'query' }, port: webSocketPort(FakeSocket) });
  expect(urls).toEqual([]);
  void core.fetch('/me');
  await settled();
  wire.call(0).answer(200);
  await settled();
  expect(urls).toEqual(['ws://x/ws?token=t0']);
  await core.signOut();
  expect(closed).toEqual([1000]);
  expect(socket.status.phase).toBe('closed');
});
