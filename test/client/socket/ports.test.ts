import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type DownSignal, type SocketPort, webSocketPort, wsPort } from '../../../src/client/index.js';

const cleanup: (() => void)[] = [];
afterEach(() => {
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
    const socket = new EventEmitter();
    const Broken = class {
      on(event: string, listener: (...args: never[]) => void) {
        socket.on(event, listener as () => void);
      }
      send() {}
      close() {}
      terminate() {}
      ping() {}
    };
    const log: DownSignal[] = [];
    const unexpected = () => expect.unreachable();
    const listener = {
      opened: unexpected,
      message: unexpected,
      pong: unexpected,
      down: (s: DownSignal) => log.push(s),
    };
    wsPort(Broken).open({ url: 'wss://x', protocols: [], headers: {} }, listener);
    socket.emit('error', Object.assign(new Error(), { code }));
    socket.emit('close', 1006, Buffer.alloc(0));
    expect(log).toEqual([{ type: 'error', code, fatal }]);
  });
});
