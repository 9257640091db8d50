import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import {
  createAuthClient,
  type DownSignal,
  type SocketPort,
  webSocketPort,
  wsPort,
} from '../../../src/client/index.js';
import { VirtualClock } from '../../support/virtual-clock.js';

const cleanup: (() => void)[] = [];
afterEach(() => {
  vi.unstubAllGlobals();
  for (const undo of cleanup.splice(0)) undo();
});

/** A server that answers each handshake with these bytes and nothing else. */
async function raw(answer: (key: string, socket: Socket) => string | Buffer): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (head) => {
      const key = /sec-websocket-key: (.*)\r\n/i.exec(String(head))?.[1] ?? '';
      socket.write(answer(key, socket));
    });
    cleanup.push(() => socket.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  cleanup.push(() => server.close());
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** RFC 6455 4.2.2 */
const accept = (key: string) =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
const upgrade = (key: string, more = '') =>
  `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept(key)}\r\n${more}\r\n`;
const text = (data: string) => Buffer.concat([Buffer.from([0x81, data.length]), Buffer.from(data)]);
const closing = (code: number) => Buffer.from([0x88, 2, code >> 8, code & 255]);

function hear(port: SocketPort, url: string, until: (log: unknown[]) => boolean, protocols: string[] = []) {
  return new Promise<{ log: unknown[]; handle: ReturnType<SocketPort['open']> }>((resolve) => {
    const log: unknown[] = [];
    const note = (what: unknown) => {
      log.push(what);
      if (until(log)) resolve({ log, handle });
    };
    const handle = port.open(
      { url, protocols, headers: {} },
      {
        opened: () => note('opened'),
        message: (data) => note(typeof data === 'string' ? data : [...data]),
        pong: () => note('pong'),
        down: (signal: DownSignal) => note(signal),
      },
    );
  });
}

const down = (log: unknown[]) => typeof log.at(-1) === 'object' && !Array.isArray(log.at(-1));

const ports: [string, SocketPort][] = [
  ['ws', wsPort(WebSocket)],
  ['WHATWG', webSocketPort(WebSocket as never)],
];

describe.each(ports)('a port of %s sockets', (name, port) => {
  it('W7: loses no message that comes in the same segment as the handshake, and keeps the order', async () => {
    const url = await raw((key) =>
      Buffer.concat([Buffer.from(upgrade(key)), text('welcome'), text('a'), text('b'), closing(4401)]),
    );
    const { log } = await hear(port, url, down);
    expect(log).toEqual(['opened', 'welcome', 'a', 'b', { type: 'close', code: 4401, reason: '' }]);
  });

  it('hands bytes over as bytes', async () => {
    const url = await raw((key) => Buffer.concat([Buffer.from(upgrade(key)), Buffer.from([0x82, 2, 7, 255])]));
    const { log, handle } = await hear(port, url, ({ length }) => length === 2);
    expect(log).toEqual(['opened', [7, 255]]);
    handle.close(1000);
  });

  it('W1: closes while the handshake is under way', async () => {
    let come: () => void = () => {};
    const knocked = new Promise<void>((resolve) => {
      come = resolve;
    });
    const gone = new Promise<void>((resolve) => {
      void raw((_key, socket) => {
        socket.on('close', () => resolve());
        come();
        return '';
      }).then((url) => {
        const ended = new Promise((end) => {
          const handle = port.open(
            { url, protocols: [], headers: {} },
            { opened() {}, message() {}, pong() {}, down: end },
          );
          void knocked.then(() => handle.close(1000));
        });
        void ended.then((signal) => expect(signal).toMatchObject({ type: expect.stringMatching(/close|error/) }));
      });
    });
    await gone;
  });

  it(`tells a refused handshake by ${name === 'ws' ? 'its status' : '1006'}`, async () => {
    const url = await raw(() => 'HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n');
    const { log } = await hear(port, url, down);
    expect(log[0]).toEqual(
      name === 'ws' ? { type: 'handshake', status: 429, retryAfter: 7_000 } : { type: 'close', code: 1006, reason: '' },
    );
  });
});

describe('the port of ws', () => {
  const port = wsPort(WebSocket);

  it.each([
    ['a wrong accept key', () => upgrade('x'), 'WS_ERR_INVALID_ACCEPT'],
    [
      'a subprotocol that was not offered',
      (key: string) => upgrade(key, 'Sec-WebSocket-Protocol: other\r\n'),
      'WS_ERR_INVALID_SUBPROTOCOL',
    ],
  ])('names %s', async (_what, answer, code) => {
    const url = await raw((key) => answer(key));
    const { log } = await hear(port, url, down, ['bearer']);
    expect(log).toEqual([{ type: 'error', code, fatal: true }]);
  });

  it('names a server that is not there', async () => {
    const { log } = await hear(port, 'ws://127.0.0.1:1/', down);
    expect(log).toEqual([{ type: 'error', code: 'ECONNREFUSED', fatal: false }]);
  });

  it('names a server that breaks the protocol', async () => {
    const url = await raw((key) => Buffer.concat([Buffer.from(upgrade(key)), Buffer.from([0xf1, 0])]));
    const { log } = await hear(port, url, down);
    expect(log).toEqual(['opened', { type: 'error', code: expect.stringMatching(/^WS_ERR_/), fatal: true }]);
  });

  it.each([
    ['CERT_HAS_EXPIRED', true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', true],
    ['ERR_SSL_WRONG_VERSION_NUMBER', true],
    ['ERR_TLS_CERT_ALTNAME_INVALID', true],
    ['HPE_INVALID_CONSTANT', true],
    ['SELF_SIGNED_CERT_IN_CHAIN', true],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', true],
    ['ECONNRESET', false],
    ['ETIMEDOUT', false],
    ['MY_CERT_', false],
  ])('says whether trying again may mend %s', (code, fatal) => {
    const { events, log } = handmade();
    events.emit('error', Object.assign(new Error(), { code }));
    events.emit('close', 1006, Buffer.alloc(0));
    expect(log).toEqual([{ type: 'error', code, fatal }]);
  });

  it.each([
    ['Opening handshake has timed out', 'ETIMEDOUT'],
    ['Something else', null],
  ])('names "%s", which has no code', (message, code) => {
    const { events, log } = handmade();
    events.emit('error', new Error(message));
    events.emit('close', 1006, Buffer.alloc(0));
    expect(log).toEqual([{ type: 'error', code, fatal: false }]);
  });

  it('takes what the server says at the end for more than an error before', () => {
    const { events, log } = handmade();
    events.emit('error', Object.assign(new Error(), { code: 'ECONNRESET' }));
    events.emit('close', 4401, Buffer.from('who'));
    expect(log).toEqual([{ type: 'close', code: 4401, reason: 'who' }]);
  });

  it('needs no error for an end', () => {
    const { events, log } = handmade();
    events.emit('close', 1006, Buffer.alloc(0));
    expect(log).toEqual([{ type: 'close', code: 1006, reason: '' }]);
  });

  it('hears pongs', () => {
    const { events, log } = handmade();
    events.emit('pong');
    expect(log).toEqual(['pong']);
  });

  it('asks for a careful handshake, with what the application adds', () => {
    expect(handmade({ origin: 'https://app.test', maxPayload: 5 }).made).toEqual([
      'wss://api.test/ws',
      ['bearer', 't0'],
      {
        perMessageDeflate: false,
        maxPayload: 5,
        handshakeTimeout: 10_000,
        followRedirects: false,
        skipUTF8Validation: false,
        origin: 'https://app.test',
        headers: { authorization: 'Bearer t0' },
      },
    ]);
    expect(handmade().made[2]).toMatchObject({ maxPayload: 1_048_576 });
  });

  it('can send headers and tells why a handshake failed; a browser can neither', () => {
    expect(port).toMatchObject({ sendsHeaders: true, tellsStatus: true });
    expect(webSocketPort(WebSocket as never)).toMatchObject({ sendsHeaders: false, tellsStatus: false });
  });
});

/** A port of `ws` whose socket is in the hands of the test; what it was made with, and what it told. */
function handmade(options?: object) {
  const events = new EventEmitter();
  const made: unknown[] = [];
  const log: unknown[] = [];
  const Socket = class {
    constructor(...given: unknown[]) {
      made.push(...given);
    }
    on(event: string, listener: (...news: never[]) => void) {
      events.on(event, listener as () => void);
    }
    send() {}
    close() {}
    terminate() {}
    ping() {}
  };
  const request = {
    url: 'wss://api.test/ws',
    protocols: ['bearer', 't0'],
    headers: { authorization: 'Bearer t0' },
  };
  wsPort(Socket, options).open(request, {
    opened: () => log.push('opened'),
    message: (data) => log.push(data),
    pong: () => log.push('pong'),
    down: (signal) => log.push(signal),
  });
  return { events, made, log };
}

describe('the sockets of a browser', () => {
  class BrowserSocket {
    static readonly made: BrowserSocket[] = [];
    readonly sent: string[] = [];
    binaryType = 'blob';
    onopen: (() => void) | null = null;
    onmessage: ((event: { data: unknown }) => void) | null = null;
    onclose: ((event: { code: number; reason: string }) => void) | null = null;
    onerror = null;
    readonly url: string;
    readonly protocols: string[];
    constructor(url: string, protocols: string[]) {
      this.url = url;
      this.protocols = protocols;
      BrowserSocket.made.push(this);
    }
    send(data: string) {
      this.sent.push(data);
    }
    close() {}
  }
  /** What a page has, and those who listen to it. */
  const page = { WebSocket: BrowserSocket, ...listening() };

  function listening() {
    const all = new Map<string, Set<() => void>>();
    return {
      addEventListener: (type: string, listener: () => void) =>
        void all.set(type, (all.get(type) ?? new Set()).add(listener)),
      removeEventListener: (type: string, listener: () => void) => void all.get(type)?.delete(listener),
      heard: (type: string) => [...(all.get(type) ?? [])],
    };
  }

  const clientIn = (clock: VirtualClock) => {
    const client = createAuthClient({ refresh: async () => 't1', clock, random: () => 0.5 });
    client.signIn('t0');
    return client;
  };
  const protocol = { mode: 'subprotocol' } as const;

  it('are those of the platform where no port is given, and none where it has none', async () => {
    const client = clientIn(new VirtualClock());
    vi.stubGlobal('WebSocket', undefined);
    expect(() => client.socket('wss://api.test/ws', { auth: protocol })).toThrow(TypeError);
    for (const [name, value] of Object.entries(page)) vi.stubGlobal(name, value);
    const socket = client.socket('wss://api.test/ws', { auth: protocol });
    const made = BrowserSocket.made.at(-1);
    expect(made).toMatchObject({
      url: 'wss://api.test/ws',
      protocols: ['bearer', 't0'],
      binaryType: 'arraybuffer',
    });
    made?.onopen?.();
    made?.onmessage?.({ data: 'welcome' });
    expect([socket.send('hello'), made?.sent]).toEqual([true, ['hello']]);
    await client.signOut();
  });

  it('come back at once when the network does, and do not listen to it after their end', async () => {
    const clock = new VirtualClock();
    for (const [name, value] of Object.entries(page)) vi.stubGlobal(name, value);
    const client = clientIn(clock);
    client.socket('wss://api.test/ws', { auth: protocol, policy: { backoff: { base: 60_000, cap: 60_000 } } });
    const count = BrowserSocket.made.length;
    BrowserSocket.made.at(-1)?.onclose?.({ code: 1001, reason: '' });
    expect(page.heard('online')).toHaveLength(1);
    for (const listener of page.heard('online')) listener();
    await clock.advance(250);
    expect(BrowserSocket.made).toHaveLength(count + 1);
    await client.signOut();
    expect(page.heard('online')).toEqual([]);
  });
});
