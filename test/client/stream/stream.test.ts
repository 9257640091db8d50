import { beforeEach, describe, expect, it } from 'vitest';
import {
  type AuthClient,
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
let client: AuthClient<Wire['fetch']>;

beforeEach(() => {
  clock = new VirtualClock();
  wire = new Wire();
  client = createAuthClient({
    refresh: wire.refresh,
    fetch: wire.fetch,
    store: memoryStore('t0'),
    clock,
    random: () => 0.5,
  });
});

interface Reading {
  readonly parts: StreamPart[];
  text(): string;
  end: 'pending' | 'end' | string;
}

function read(init: object = {}, options: StreamOptions = {}, each: (part: StreamPart) => void = () => {}): Reading {
  const reading: Reading = {
    parts: [],
    text: () => reading.parts.map((part) => (part.kind === 'event' ? part.data : `<${part.stored}>`)).join(''),
    end: 'pending',
  };
  const pull = async () => {
    for await (const part of client.stream('/chat', init, options)) {
      reading.parts.push(part);
      each(part);
    }
    return 'end';
  };
  pull().then(
    (end) => {
      reading.end = end;
    },
    (error: unknown) => {
      reading.end = error instanceof ClientError ? error.failure.kind : String(error);
    },
  );
  return reading;
}

/** Answers the latest call with these bytes. */
async function serve(body: Body): Promise<void> {
  await settled();
  wire.call(-1).answer(200, eventStream, body);
  await settled();
}

const lastEventId = () => wire.call(-1).init.headers?.['last-event-id'];

describe('a stream', () => {
  it('delivers events as they come and ends with the end marker', async () => {
    const reading = read();
    const body = new Body();
    await serve(body);
    body.push('id: 1\ndata: a\n\n');
    await settled();
    expect(reading.text()).toBe('a');
    expect(wire.call(0).token).toBe('t0');
    body.push('data: b\n\ndata: [DONE]\n\n');
    await settled();
    expect([reading.text(), reading.end]).toEqual(['ab', 'end']);
    expect(body.released).toBe(true);
  });

  it.each([
    ['an event named done', 'event: done\ndata: {}\n\n'],
    ['a finish part and the end of the bytes', 'data: {"type":"finish"}\n\n'],
    ['a finish part that is written with spaces', 'data: { "type" : "finish" }\n\n'],
  ])('ends with %s', async (_title, text) => {
    const reading = read();
    await serve(Body.of(text).end());
    expect(reading.end).toBe('end');
    expect(wire.calls).toHaveLength(1);
  });

  it('does not end with what a part says of a finish', async () => {
    const reading = read({ method: 'POST' });
    await serve(Body.of('data: {"part":{"type":"finish"}}\n\n').end());
    expect(reading.end).toBe('network');
  });

  it('is over with 204, without another connection', async () => {
    const reading = read();
    await settled();
    wire.call(0).answer(204);
    await clock.advance(60_000);
    expect(reading.end).toBe('end');
    expect(wire.calls).toHaveLength(1);
  });

  it.each([
    [200, { 'content-type': 'application/json' }, 'protocol'],
    [200, {}, 'protocol'],
    [400, {}, 'protocol'],
    [403, {}, 'forbidden'],
  ])('fails at once with %i %o', async (status, headers, kind) => {
    const reading = read();
    await settled();
    wire.call(0).answer(status, headers, Body.of('data: x\n\ndata: [DONE]\n\n'));
    await clock.advance(60_000);
    expect([reading.text(), reading.end]).toEqual(['', kind]);
    expect(wire.calls).toHaveLength(1);
  });

  it.each(['end', 'break'] as const)(
    'takes an %s without a marker for a cut, and goes on after the last id',
    async (cut) => {
      const reading = read({ method: 'POST', body: '{}' });
      await serve(Body.of('id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: lost')[cut]());
      expect(wire.calls).toHaveLength(1);
      await clock.advance(250);
      expect(lastEventId()).toBe('2');
      expect(wire.call(-1).init).toMatchObject({ method: 'POST', body: '{}' });
      await serve(Body.of('id: 3\ndata: c\n\ndata: [DONE]\n\n'));
      expect([reading.text(), reading.end]).toEqual(['abc', 'end']);
    },
  );

  it('asks for what comes after an id that came without data', async () => {
    read();
    await serve(Body.of('id: 1\ndata: a\n\nid: 2\n\n').end());
    await clock.advance(250);
    expect(lastEventId()).toBe('2');
  });

  it('R17: cut at every byte, the text is the same and no event comes twice', async () => {
    const events = ['a', 'ß', '🙂', 'multi\nline', 'e'];
    const frame = (data: string, id: number) => `id: ${id}\ndata: ${data.replace('\n', '\ndata: ')}\n\n`;
    const whole = new TextEncoder().encode(`${events.map(frame).join('')}data: [DONE]\n\n`);
    for (let cut = 0; cut < whole.length; cut++) {
      const reading = read();
      await serve(new Body().push(whole.slice(0, cut)).end());
      await clock.advance(500);
      if (reading.end === 'pending') {
        const from = lastEventId() === undefined ? 0 : Number(lastEventId()) + 1;
        await serve(Body.of(`${events.map(frame).slice(from).join('')}data: [DONE]\n\n`));
      }
      expect([cut, reading.text(), reading.end]).toEqual([cut, events.join(''), 'end']);
    }
  });

  it.each([
    ['the last event again', 2],
    ['the last two again', 1],
    ['everything again', 0],
  ])('is not confused by a server that sends %s', async (_title, from) => {
    const reading = read();
    const frames = ['id: 1\ndata: a\n\n', 'id: 2\ndata: b\n\n', 'id: 3\ndata: c\n\n', 'id: 4\ndata: d\n\n'];
    await serve(Body.of(...frames.slice(0, 3)).end());
    await clock.advance(250);
    await serve(Body.of(...frames.slice(from), 'data: [DONE]\n\n'));
    expect([reading.text(), reading.end]).toEqual(['abcd', 'end']);
  });

  it('knows events between two ids by their place', async () => {
    const reading = read();
    await serve(Body.of('id: 1\ndata: a\n\ndata: b\n\n').end());
    await clock.advance(250);
    await serve(Body.of('data: b\n\ndata: c\n\nid: 2\ndata: d\n\n').end());
    await clock.advance(250);
    await serve(Body.of('id: 2\ndata: d\n\nid: 2\ndata: e\n\ndata: [DONE]\n\n'));
    expect([reading.text(), reading.end]).toEqual(['abcde', 'end']);
  });

  it('gives up after five resumes without anything new', async () => {
    const reading = read();
    await serve(Body.of('id: 1\ndata: a\n\n').end());
    for (let resume = 1; resume <= 5; resume++) {
      await clock.advance(30_000);
      expect(wire.calls).toHaveLength(1 + resume);
      await serve(Body.of('id: 1\ndata: a\n\n').end());
    }
    await clock.advance(600_000);
    expect(wire.calls).toHaveLength(6);
    expect(reading.end).toBe('network');
  });

  it('counts anew after something new', async () => {
    const reading = read();
    for (let id = 1; id <= 12; id++) {
      await serve(Body.of(`id: ${id}\ndata: ${id},\n\n`).end());
      await clock.advance(250);
    }
    await serve(Body.of('data: [DONE]\n\n'));
    expect(reading.text()).toBe('1,2,3,4,5,6,7,8,9,10,11,12,');
  });

  it('waits as long as the server asks, and longer with each try', async () => {
    read();
    await serve(Body.of('retry: 3000\nid: 1\ndata: a\n\n').end());
    await clock.advance(2_999);
    expect(wire.calls).toHaveLength(1);
    await clock.advance(1);
    expect(wire.calls).toHaveLength(2);
    wire.call(-1).answer(429, { 'retry-after': '20' });
    await clock.advance(19_999);
    expect(wire.calls).toHaveLength(2);
    await clock.advance(1);
    expect(wire.calls).toHaveLength(3);
    expect(wire.refreshes).toHaveLength(0);
  });

  it('without ids shows the stored message instead of appending', async () => {
    const reading = read({ method: 'POST' }, { stored: async () => 'stored' });
    await serve(Body.of('data: par\n\n').end());
    expect([reading.text(), reading.end]).toEqual(['par<stored>', 'end']);
    expect(wire.calls).toHaveLength(1);
  });

  it('without ids and without a stored message fails, and does not send a POST again', async () => {
    const reading = read({ method: 'POST' });
    await serve(Body.of('data: par\n\n').end());
    await clock.advance(60_000);
    expect(reading.end).toBe('network');
    expect(wire.calls).toHaveLength(1);
  });

  it.each([404, 410])('shows the stored message when the place to resume from is gone (%i)', async (status) => {
    const reading = read({}, { stored: async () => 'stored' });
    await serve(Body.of('id: 1\ndata: a\n\n').end());
    await clock.advance(250);
    wire.call(-1).answer(status);
    await settled();
    expect([reading.text(), reading.end]).toEqual(['a<stored>', 'end']);
  });

  it('resumes where the application says', async () => {
    read({ method: 'POST' }, { resume: (lastId) => ({ input: `/chat/after/${lastId}`, init: { method: 'GET' } }) });
    await serve(Body.of('id: 7\ndata: a\n\n').end());
    await clock.advance(250);
    expect(wire.call(-1)).toMatchObject({ url: '/chat/after/7', init: { method: 'GET' } });
  });

  it('R18: a resume that is refused while another request refreshes shares that flight', async () => {
    const reading = read();
    await serve(Body.of('id: 1\ndata: a\n\n').end());
    const other = client.fetch('/other');
    await clock.advance(250);
    const [, , resume] = wire.calls;
    wire.call(1).answer(401);
    await settled();
    resume?.answer(401);
    await settled();
    expect(wire.refreshes).toHaveLength(1);
    wire.refreshing().give('t1');
    await settled();
    wire.call(3).answer(200);
    expect((await other).status).toBe(200);
    expect(wire.call(4)).toMatchObject({ url: '/chat', token: 't1' });
    expect(wire.call(4).init.headers).toMatchObject({ 'last-event-id': '1' });
    await serve(Body.of('id: 2\ndata: b\n\ndata: [DONE]\n\n'));
    expect([reading.text(), reading.end, wire.refreshes.length]).toEqual(['ab', 'end', 1]);
  });

  it('a 401 before the first byte is refreshed like that of any request', async () => {
    const reading = read({ method: 'POST', body: 'hello' });
    await settled();
    wire.call(0).answer(401);
    await settled();
    wire.refreshing().give('t1');
    await serve(Body.of('data: a\n\ndata: [DONE]\n\n'));
    expect(wire.call(1)).toMatchObject({ token: 't1', init: { body: 'hello' } });
    expect([reading.text(), reading.end]).toEqual(['a', 'end']);
  });

  it('R19: sign-out inside the loop ends it: no further event, no dead-lock', async () => {
    const reading = read({}, {}, () => void client.signOut());
    const body = Body.of('id: 1\ndata: a\n\nid: 2\ndata: b\n\n');
    await serve(body);
    body.push('id: 3\ndata: c\n\n');
    await clock.advance(60_000);
    expect([reading.text(), reading.end]).toEqual(['a', 'signed-out']);
    expect(wire.calls).toHaveLength(1);
    expect(body.released).toBe(true);
  });

  it('sign-out ends a silent stream at once, and late bytes are nothing', async () => {
    const reading = read();
    const body = Body.of('id: 1\ndata: a\n\n');
    await serve(body);
    void client.signOut();
    body.push('id: 2\ndata: b\n\n');
    await settled();
    expect([reading.text(), reading.end]).toEqual(['a', 'signed-out']);
    expect(wire.call(0).aborted).toBe(true);
  });

  it('a session that dies elsewhere ends the stream', async () => {
    const reading = read();
    await serve(Body.of('id: 1\ndata: a\n\n'));
    const other = client.fetch('/other').catch(() => {});
    await settled();
    wire.call(-1).answer(401);
    await settled();
    wire.refreshing().give({ status: 401 });
    await other;
    await settled();
    expect(reading.end).toBe('session-dead');
  });

  it('another user ends it as well, and it is not resumed as them', async () => {
    const reading = read();
    await serve(Body.of('id: 1\ndata: a\n\n').end());
    client.signIn('b0', { user: 'b' });
    await clock.advance(60_000);
    expect(reading.end).toBe('signed-out');
    expect(wire.calls).toHaveLength(1);
  });

  it('lets go of the connection when the reader leaves', async () => {
    const body = Body.of('data: a\n\n');
    const leaving = (async () => {
      for await (const _part of client.stream('/chat')) break;
    })();
    await serve(body);
    await leaving;
    expect(wire.call(0).aborted).toBe(true);
    expect(body.released).toBe(true);
  });

  it('aborted by its caller, it says so', async () => {
    const controller = new AbortController();
    const reading = read({ signal: controller.signal });
    await serve(Body.of('id: 1\ndata: a\n\n'));
    controller.abort();
    await settled();
    expect([reading.text(), reading.end]).toEqual(['a', 'aborted']);
  });

  it('an error of the application is its own', async () => {
    const ending = () => () => {
      throw new TypeError('mine');
    };
    const reading = read({}, { ending });
    await serve(Body.of('data: a\n\n'));
    await clock.advance(60_000);
    expect(reading.end).toBe('TypeError: mine');
  });
});
