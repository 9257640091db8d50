import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RawData } from 'ws';
import WebSocket from 'ws';
import type { Socket, SocketRequest, Sockets } from '../world.js';
import type { Dial } from './dial.js';
import { placeOf } from './dial.js';
import type { Limits } from './limits.js';
import { unreachable } from './unreachable.js';

const goodbyeMs = 2_000;

class HandshakeTimeout extends Error {
  readonly code = 'LOCKSTEP_HANDSHAKE_TIMEOUT';
}

/** WebSockets (RFC 6455) by ws: no compression, no redirects, bounded frames. */
export function createSockets(dial: Dial, bounds: Limits): Sockets {
  return {
    async open(request) {
      try {
        // ws would connect by itself, to any address
        const line = await dial.open(placeOf(request.url));
        return await shaken(request, line, bounds);
      } catch (error) {
        throw unreachable(withoutQuery(request.url), 'handshake', error, bounds);
      }
    },
  };
}

/** Resolves for every answer to the handshake; ends the line where none comes. */
function shaken(request: SocketRequest, line: Duplex, bounds: Limits): Promise<Socket> {
  return new Promise<Socket>((resolve, reject) => {
    const socket = new WebSocket(request.url, [...request.protocols], {
      headers: { ...request.headers },
      perMessageDeflate: false,
      followRedirects: false,
      maxPayload: bounds.messageBytes,
      maxHeaderSize: bounds.headerBytes,
      createConnection: () => line,
    });
    const inbox = listen(socket, bounds.inboxBytes);
    let why: Error | undefined;
    const giveUp = () => socket.terminate();
    // ws measures the silence between two bytes, and a server may drip
    const timer = setTimeout(() => {
      why = new HandshakeTimeout();
      giveUp();
    }, bounds.handshakeMs);
    if (request.signal?.aborted === true) giveUp();
    request.signal?.addEventListener('abort', giveUp, { once: true });
    const settled = () => {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', giveUp);
    };
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
    // stays: terminate() during the handshake makes ws emit an error without a listener left to hear it
    socket.on('error', (error) => {
      settled();
      line.destroy();
      reject(why ?? error);
    });
  });
}

/** what a message costs beside its text */
const perMessage = 64;

interface Inbox {
  readonly messages: AsyncIterable<string>;
  readonly closed: Promise<{ code: number; reason: string }>;
}

/** Listens from the first moment: a message may come in the same segment as the 101. What nobody reads is bounded. */
function listen(socket: WebSocket, most: number): Inbox {
  const waiting: string[] = [];
  let held = 0;
  let wake = () => {};
  let ended = false;
  socket.on('message', (data: RawData) => {
    const text = String(data);
    // an empty message is not free either
    held += text.length + perMessage;
    if (held > most) socket.terminate();
    else waiting.push(text);
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
      if (next !== undefined) {
        held -= next.length + perMessage;
        yield next;
      } else if (ended) return;
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

/** A handshake that was answered otherwise than by 101. */
export function turnedAway(status: number): Socket {
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

function withoutQuery(url: string): string {
  return url.split('?')[0] ?? url;
}
