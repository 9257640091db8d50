import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Demo } from '../../src/demo/contract.js';
import { startDemo } from '../../src/demo/demo.js';
import { ask, type Call, type Heard, hear, introduce, originOf, type SignedIn, signIn } from '../support/raw-demo.js';

const ready = '{"type":"ready"}';
const refusal = { code: 4401, reason: 'unauthorized' };

describe.each([
  ['query', 'jwks'],
  ['subprotocol', 'shared-secret'],
  ['header', 'jwks'],
  ['message', 'shared-secret'],
] as const)('the socket with --socket-auth %s and --trust %s', (mode, trust) => {
  let demo: Demo;
  let a: SignedIn;
  let b: SignedIn;
  beforeAll(async () => {
    demo = await startDemo({ trust, socketAuth: mode, faults: [] });
    [a, b] = await Promise.all([signIn(demo, 'a'), signIn(demo, 'b')]);
  });
  afterAll(() => demo?.stop());

  test('admits a good token, from the page or from no page, and says so first', async () => {
    const call = introduce(demo, mode, await a.token());
    for (const headers of [{}, { origin: originOf(demo) }]) {
      const heard = await hear({ ...call, headers: { ...call.headers, ...headers }, until: 'ready' });
      expect([heard.status, heard.messages]).toEqual([101, [ready]]);
      expect(heard.protocol).toBe(mode === 'subprotocol' ? 'bearer' : '');
    }
  });

  test('closes with 4401 for every unusable token, without a word before', async () => {
    const [header, payload, signature = ''] = (await a.token()).split('.');
    const forged = await new SignJWT({ sub: a.userId })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1m')
      .sign(new Uint8Array(32));
    const expired = await new SignJWT({ sub: a.userId })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(1)
      .sign(new Uint8Array(32));
    const tampered = `${header}.${payload}.${signature.slice(4)}${signature.slice(0, 4)}`;
    for (const token of ['', 'undefined', 'null', forged, expired, tampered]) {
      const heard = await hear(introduce(demo, mode, token));
      expect([token, heard.status, heard.messages, heard.closed]).toEqual([token, 101, [], refusal]);
    }
  });

  test('finds no token where another mode would put it', async () => {
    const others = (['query', 'subprotocol', 'header'] as const).filter((other) => other !== mode);
    for (const other of others) {
      const heard = await hear({
        ...introduce(demo, other, await a.token()),
        ...(mode === 'message' ? { say: ['{"type":"ping"}'] } : {}),
      });
      expect([other, heard.messages, heard.closed]).toEqual([other, [], refusal]);
    }
  });

  test('refuses the handshake of a foreign page', async () => {
    const call = introduce(demo, mode, await a.token());
    for (const origin of ['https://evil.invalid', 'null', `${originOf(demo)}.evil.invalid`]) {
      const heard = await hear({ ...call, headers: { ...call.headers, origin } });
      expect([origin, heard.status, heard.messages]).toEqual([origin, 403, []]);
    }
  });

  test('is only where it is: elsewhere 404, and 426 for a plain request', async () => {
    const call = introduce(demo, mode, await a.token());
    expect((await hear({ ...call, url: call.url.replace('/api/ws', '/api/other') })).status).toBe(404);
    expect((await ask('GET', `${demo.api}/api/ws`)).status).toBe(426);
  });

  test('answers, and keeps a room to those who belong there', async () => {
    const alice = await Talk.open(introduce(demo, mode, await a.token()));
    const bob = await Talk.open(introduce(demo, mode, await b.token()));
    expect(await alice.ask({ type: 'ping' })).toEqual({ type: 'pong' });
    expect(await alice.ask({ type: 'echo', data: 'é🚀' })).toEqual({ type: 'echo', data: 'é🚀' });
    expect(await alice.ask('no json')).toEqual({ type: 'error', code: 'not_a_json_object' });

    expect(await alice.ask({ type: 'join', room: 'chat:1' })).toEqual({ type: 'joined', room: 'chat:1' });
    expect(await bob.ask({ type: 'join', room: 'chat:1' })).toEqual({ type: 'error', code: 'forbidden' });
    expect(await bob.ask({ type: 'say', room: 'chat:1', text: 'let me in' })).toEqual({
      type: 'error',
      code: 'forbidden',
    });
    expect(await bob.ask({ type: 'invite', room: 'chat:1', user: b.userId })).toEqual({
      type: 'error',
      code: 'forbidden',
    });
    expect(await bob.ask({ type: 'join', room: 'chat:10' })).toEqual({ type: 'joined', room: 'chat:10' });

    const first = await alice.ask({ type: 'say', room: 'chat:1', text: 'alone' });
    expect(first).toMatchObject({ type: 'message', room: 'chat:1', from: a.userId, text: 'alone' });
    expect(await alice.ask({ type: 'invite', room: 'chat:1', user: b.userId })).toMatchObject({ type: 'invited' });
    expect(await bob.ask({ type: 'join', room: 'chat:1' })).toEqual({ type: 'joined', room: 'chat:1' });
    const second = await alice.ask({ type: 'say', room: 'chat:1', text: 'together' });
    expect(await bob.next()).toEqual(second);
    expect(second.id).not.toBe(first.id);

    expect(await bob.ask({ type: 'leave', room: 'chat:1' })).toEqual({ type: 'left', room: 'chat:1' });
    await alice.ask({ type: 'say', room: 'chat:1', text: 'gone' });
    // an answer to something later proves that nothing came in between
    expect(await bob.ask({ type: 'ping' })).toEqual({ type: 'pong' });
    alice.close();
    bob.close();
  });

  test('streams the answer of the model under one id', async () => {
    const alice = await Talk.open(introduce(demo, mode, await a.token()));
    const answer = [await alice.ask({ type: 'chat', text: 'hi' })];
    while (answer.at(-1)?.type === 'delta') answer.push(await alice.next());
    const last = answer.pop();
    expect(answer.map(({ delta }) => delta).join('')).toBe(last?.text);
    expect(new Set([last, ...answer].map((one) => one?.id)).size).toBe(1);
    alice.close();
  });

  test('takes no message past its limit', async () => {
    const heard = await hear(addTo(introduce(demo, mode, await a.token()), 'x'.repeat(70_000)));
    expect(heard.closed?.code).toBe(1009);
  });
});

test('a socket that never introduces itself is closed after five seconds, pings or not', async () => {
  const demo = await startDemo({ trust: 'jwks', socketAuth: 'message', faults: [] });
  try {
    const heard = await new Promise<Pick<Heard, 'closed' | 'messages'>>((resolve) => {
      const messages: string[] = [];
      const socket = new WebSocket(demo.socket);
      const pings = setInterval(() => socket.readyState === socket.OPEN && socket.ping(), 500);
      socket.on('message', (data) => messages.push(String(data)));
      socket.on('close', (code, reason) => {
        clearInterval(pings);
        resolve({ messages, closed: { code, reason: String(reason) } });
      });
    });
    expect(heard).toEqual({ messages: [], closed: { code: 4408, reason: 'authentication timed out' } });
  } finally {
    await demo.stop();
  }
});

function addTo(call: Call, text: string): Call {
  return { ...call, say: [...(call.say ?? []), text] };
}

type Message = Record<string, unknown>;

/** An admitted socket as a conversation: what comes is read in order. */
class Talk {
  readonly #socket: WebSocket;
  readonly #heard: Message[] = [];
  #wake = () => {};

  private constructor(call: Call) {
    this.#socket = new WebSocket(call.url, call.protocols ?? [], { headers: call.headers ?? {} });
    this.#socket.on('open', () => {
      for (const text of call.say ?? []) this.#socket.send(text);
    });
    this.#socket.on('message', (data) => {
      this.#heard.push(JSON.parse(String(data)));
      this.#wake();
    });
  }

  static async open(call: Call): Promise<Talk> {
    const talk = new Talk(call);
    expect(await talk.next()).toEqual({ type: 'ready' });
    return talk;
  }

  async next(): Promise<Message> {
    for (;;) {
      const message = this.#heard.shift();
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  ask(message: Message | string): Promise<Message> {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    return this.next();
  }

  close(): void {
    this.#socket.close();
  }
}
