import type { IncomingMessage } from 'node:http';
import type { RawData } from 'ws';
import WebSocket from 'ws';
import { Unreachable } from '../core/errors.js';
import type { Socket, Sockets } from '../world.js';

const maxPayload = 1_048_576;
const handshakeMs = 10_000;
const goodbyeMs = 2_000;

/** WebSockets (RFC 6455) by ws: no compression, no redirects, bounded frames. */
export const sockets: Sockets = {
  open: (request) =>
    new Promise<Socket>((resolve, reject) => {
      const socket = new WebSocket(request.url, [...request.protocols], {
        headers: { ...request.headers },
        perMessageDeflate: false,
        followRedirects: false,
        handshakeTimeout: handshakeMs,
        maxPayload,
      });
      const inbox = listen(socket);
      const giveUp = () => socket.terminate();
      request.signal?.addEventListener('abort', giveUp, { once: true });
      const settled = () => request.signal?.removeEventListener('abort', giveUp);
      socket.once('open', () => {
        settled();
        if (request.firstMessage !== undefined) socket.send(request.firstMessage);
        resolve(opened(socket, inbox));
      });
      socket.once('unexpected-response', (_, response: IncomingMessage) => {
        settled();
        resolve(turnedAway(response.statusCode ?? 0));
        response.destroy();
        socket.terminate();
      });
      socket.once('error', (error: NodeJS.ErrnoException) => {
        settled();
        reject(new Unreachable(withoutQuery(request.url), 'handshake', reason(error)));
      });
      // terminate() during the handshake makes ws emit an error without a listener left to hear it
      socket.on('error', () => {});
    }),
};

interface Inbox {
  readonly messages: AsyncIterable<string>;
  readonly closed: Promise<{ code: number; reason: string }>;
}

/** Listens from the first moment: a message may come in the same segment as the 101. */
function listen(socket: WebSocket): Inbox {
  const waiting: string[] = [];
  let wake = () => {};
  let ended = false;
  socket.on('message', (data: RawData) => {
    waiting.push(String(data));
    wake();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code: number, why: Buffer) => {
      ended = true;
      wake();
      resolve({ code, reason: String(why) });
    });
  });
  async function* messages() {
    while (true) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else if (ended) return;
      else await new Promise<void>((go) => (wake = go));
    }
  }
  return { messages: messages(), closed };
}

function opened(socket: WebSocket, inbox: Inbox): Socket {
  return {
    status: 101,
    protocol: socket.protocol,
    messages: () => inbox.messages,
    closed: () => inbox.closed,
    // a socket that is closing takes nothing any more, and says so by its close
    send: (text) => socket.readyState === socket.OPEN && socket.send(text),
    ping: () => socket.readyState === socket.OPEN && socket.ping(),
    async close() {
      socket.close(1000);
      const timer = setTimeout(() => socket.terminate(), goodbyeMs);
      await inbox.closed;
      clearTimeout(timer);
    },
  };
}

function turnedAway(status: number): Socket {
  async function* none() {}
  return {
    status,
    protocol: '',
    messages: () => none(),
    closed: async () => ({ code: 1006, reason: '' }),
    send: () => {},
    ping: () => {},
    close: async () => {},
  };
}

/** The kind of the error in words; ws puts nothing secret into these, but the URL may carry a token. */
function reason(error: NodeJS.ErrnoException): string {
  if (error.code === 'ECONNREFUSED') return 'connection refused: nothing listens there';
  if (error.code === 'ENOTFOUND') return 'no such host';
  if (/timed out/.test(error.message)) return `no answer to the handshake within ${handshakeMs} ms`;
  return `no WebSocket handshake (${error.code ?? error.message.slice(0, 80)})`;
}

function withoutQuery(url: string): string {
  return url.split('?')[0] ?? url;
}
