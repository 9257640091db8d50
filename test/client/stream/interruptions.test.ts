import { getEventListeners } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type AuthClientOptions,
  ClientError,
  createAuthClient,
  memoryStore,
  type StreamOptions,
  type StreamPart,
} from '../../../src/client/index.js';
import { Body, eventStream } from '../../support/body.js';
import { settled, VirtualClock } from '../../support/virtual-clock.js';
import { Wire } from '../../support/wire.js';

let clock: VirtualClock;
let wire: Wire;

beforeEach(() => {
  clock = new VirtualClock();
  wire = new Wire();
});

const clientWith = (more: Partial<AuthClientOptions<Wire['fetch']>> = {}) =>
  createAuthClient({
    refresh: wire.refresh,
    fetch: wire.fetch,
    store: memoryStore('t0'),
    clock,
    random: () => 0.5,
    ...more,
  });

interface Reading {
  readonly parts: StreamPart[];
  error: ClientError | null;
  over: boolean;
}

function read(client = clientWith(), init: object = {}, options: StreamOptions = {}): Reading {
  const reading: Reading = { parts: [], error: null, over: false };
  const pull = async () => {
    for await (const part of client.stream('http://api.test/chat', init, options)) reading.parts.push(part);
  };
  pull()
    .catch((error: unknown) => {
      if (!(error instanceof ClientError)) throw error;
      reading.error = error;
    })
    .finally(() => {
      reading.over = true;
    });
  return reading;
}

async function serve(text: string): Promise<void> {
  await settled();
  wire.call(-1).answer(200, eventStream, Body.of(text).end());
  await settled();
}

const lastEventId = () => wire.call(-1).init.headers?.['last-event-id'];

describe('what a stream takes for its answer', () => {
  it.each(['text/event-stream', 'TEXT/event-stream;charset=utf-8', 'text/event-stream ; x=y'])('%s', async (type) => {
    const reading = read();
    await settled();
    wire.call(0).answer(200, { 'content-type': type }, Body.of('data: x\n\ndata: [DONE]\n\n'));
    await settled();
    expect(reading).toMatchObject({ over: true, error: null, parts: [{ data: 'x' }] });
  });

  it.each([
    ['x-text/event-stream', 'content type x-text/event-stream'],
    ['text/event-streams;', 'content type text/event-streams;'],
    ['', 'content type none'],
  ])('not "%s"', async (type, what) => {
    const reading = read();
    await settled();
    wire.call(0).answer(200, type ? { 'content-type': type } : {}, Body.of('data: x\n\n'));
    await settled();
    expect(reading.error).toMatchObject({ failure: { kind: 'protocol', what }, response: { status: 200 } });
  });

  it('not a part of it', async () => {
    const reading = read();
    await settled();
    wire.call(0).answer(206, eventStream, Body.of('data: x\n\n'));
    await settled();
    expect(reading.error?.failure).toEqual({ kind: 'protocol', what: 'status 206' });
  });

  it('not an address that was never there, whatever is stored', async () => {
    const reading = read(clientWith(), {}, { stored: async () => 'stored' });
    await settled();
    wire.call(0).answer(404);
    await settled();
    expect([reading.parts, reading.error?.failure]).toEqual([[], { kind: 'protocol', what: 'status 404' }]);
  });
});

describe('after a cut', () => {
  it('a place that is gone, with nothing stored, is the end', async () => {
    const reading = read();
    await serve('id: 1\ndata: a\n\n');
    await clock.advance(250);
    wire.call(-1).answer(404);
    await settled();
    expect(reading.error?.failure).toEqual({ kind: 'protocol', what: 'not resumable' });
  });

  it('an id is where to go on even if it came alone', async () => {
    read();
    await serve('id: 7\n\n');
    await clock.advance(250);
    expect(lastEventId()).toBe('7');
  });

  it('a GET that delivered events without ids is not asked again: they would come twice', async () => {
    const reading = read();
    await serve('data: a\n\n');
    await clock.advance(60_000);
    expect([wire.calls.length, reading.error?.failure.kind]).toEqual([1, 'network']);
  });

  it.each(['POST', 'WIDGET', 'HEADLINE'])(
    'a %s is not sent again, also where nothing was delivered',
    async (method) => {
      const reading = read(clientWith(), { method });
      await serve('');
      await clock.advance(60_000);
      expect([wire.calls.length, reading.error?.failure]).toEqual([1, { kind: 'network', code: 'cut' }]);
    },
  );

  it('a POST that delivered nothing is no stored message', async () => {
    const reading = read(clientWith(), { method: 'POST' }, { stored: async () => 'stored' });
    await serve('');
    expect([reading.parts, reading.error?.failure.kind]).toEqual([[], 'network']);
  });

  it('what is stored replaces what was delivered', async () => {
    const reading = read(clientWith(), { method: 'POST' }, { stored: async () => 'stored' });
    await serve('data: a\n\n');
    expect(reading.parts).toEqual([expect.objectContaining({ kind: 'event' }), { kind: 'replace', stored: 'stored' }]);
  });

  it('what is stored is not shown to somebody who has left', async () => {
    let give: (stored: string) => void = () => {};
    const stored = () =>
      new Promise<string>((resolve) => {
        give = resolve;
      });
    const client = clientWith();
    const reading = read(client, { method: 'POST' }, { stored });
    await serve('data: a\n\n');
    await client.signOut();
    give('stored');
    await settled();
    expect([reading.parts.length, reading.error?.failure.kind]).toEqual([1, 'signed-out']);
  });

  it('waits as the application says', async () => {
    read(clientWith(), {}, { backoff: { base: 8_000, cap: 8_000 } });
    await serve('id: 1\ndata: a\n\n');
    await clock.advance(3_999);
    expect(wire.calls).toHaveLength(1);
    await clock.advance(1);
    expect(wire.calls).toHaveLength(2);
  });

  it('events between ids are told apart by the id before them', async () => {
    const reading = read();
    await serve('id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\ndata: d\n\ndata: [DONE]\n\n');
    expect(reading.parts.map((part) => part.kind === 'event' && part.data)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('an API to which the credential is foreign hears where to go on, too', async () => {
    read(clientWith({ origins: ['http://other.test'] }), { headers: { 'x-mine': '1' } });
    await serve('id: 1\ndata: a\n\n');
    await clock.advance(250);
    expect(wire.call(-1).init.headers).toEqual({ 'x-mine': '1', 'last-event-id': '1' });
  });
});

describe('a passing trouble on the way back', () => {
  it.each([
    ['a broken server', () => wire.call(-1).answer(503)],
    ['a limit', () => wire.call(-1).answer(429)],
    ['a network', () => wire.call(-1).fail(new TypeError('fetch failed'))],
    [
      'an auth server that is down',
      async () => {
        wire.call(-1).answer(401);
        await settled();
        wire.refreshing().give({ status: 503 });
      },
    ],
    [
      'an auth server that says nothing',
      async () => {
        wire.call(-1).answer(401);
        await clock.advance(30_000);
      },
    ],
  ])('is waited out: %s', async (_what, happen) => {
    const reading = read();
    await serve('id: 1\ndata: a\n\n');
    await clock.advance(250);
    await happen();
    const before = wire.calls.length;
    await clock.advance(6_000);
    expect(reading.over).toBe(false);
    expect(wire.calls.length).toBeGreaterThan(before);
  });
});

it('a cool-down that another request has brought about is waited out: the API is not asked in vain', async () => {
  const client = clientWith();
  const reading = read(client);
  await serve('id: 1\ndata: a\n\n');
  const other = client.fetch('http://api.test/other').catch(() => {});
  await settled();
  wire.call(-1).answer(401);
  await settled();
  wire.refreshing().give({ status: 503, retryAfter: 20_000 });
  await other;
  await clock.advance(250);
  expect(lastEventId()).toBe('1');
  wire.call(-1).answer(401);
  const sent = wire.calls.length;
  await clock.advance(19_749);
  expect([wire.calls.length, reading.over]).toEqual([sent, false]);
  await clock.advance(1);
  expect(wire.calls).toHaveLength(sent + 1);
});

describe('the signal of the caller', () => {
  it('that has aborted already sends nothing', async () => {
    const reading = read(clientWith(), { signal: AbortSignal.abort() });
    await settled();
    expect([wire.calls.length, reading.error?.failure.kind]).toEqual([0, 'aborted']);
  });

  it('is let go of at the end, and says why it aborted', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const finished = read(clientWith(), { signal });
    await serve('data: [DONE]\n\n');
    expect([finished.over, getEventListeners(signal, 'abort')]).toEqual([true, []]);
    const aborted = read(clientWith(), { signal });
    await settled();
    controller.abort('enough');
    await settled();
    expect(aborted.error).toMatchObject({ failure: { kind: 'aborted' }, cause: 'enough' });
  });
});
