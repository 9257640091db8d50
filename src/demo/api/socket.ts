import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { complain } from '../child.js';
import { pathOf } from '../http.js';
import { fault } from '../planted.js';
import type { SocketAuthMode } from '../protocol.js';
import { converse } from './conversation.js';
import { makeHandshakeLimit } from './handshake-limit.js';
import { makeRooms } from './rooms.js';
import { firstMessage, otherMode, subprotocol, tokenIn } from './socket-token.js';
import { type Caller, Unusable, type Verify } from './token.js';

/** How the server closes a socket (RFC 6455 7.4.2: 4000 to 4999 are the application's). */
const closes = { unauthorized: 4401, authTimeout: 4408, tryAgainLater: 1013 } as const;
const authDeadline = 3_000;
const maxPayload = fault('F147') ? 100 * 1024 * 1024 : 64 * 1024;
const longestTimer = 2 ** 31 - 1;

interface Door {
  /** who may come from a browser; a client without an Origin is none */
  readonly origins: readonly string[];
  readonly mode: SocketAuthMode;
  /** whoever has many sockets refused is refused all */
  readonly limited: boolean;
  readonly verify: Verify;
  /** where Better Auth's routes begin */
  readonly authUrl: string;
  /** calls back when a session ends; resolves to how to stop */
  readonly watch: (session: string, ended: () => void) => Promise<() => void>;
}

/**
 * `/api/ws`. A bad token is told by accept-then-close with 4401, because a browser sees nothing of a refused handshake;
 * no message goes out before the token is verified, and `{"type":"ready"}` is the first.
 */
export function acceptSockets(server: Server, door: Door): void {
  const handleProtocols = (offered: Set<string>) => {
    if (fault('F131')) return [...offered][1] ?? false;
    return offered.has(subprotocol) ? subprotocol : false;
  };
  const sockets = new WebSocketServer({ noServer: true, maxPayload, handleProtocols, perMessageDeflate: false });
  const rooms = makeRooms();
  const limit = makeHandshakeLimit();
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy());
    if (fault('F113')) return refuse(stream, 426);
    if (pathOf(request) !== '/api/ws') return refuse(stream, 404);
    const address = request.socket.remoteAddress ?? '';
    if (door.limited && limit.reached(address)) return refuse(stream, 429);
    const { origin } = request.headers;
    if (origin !== undefined && !isWelcome(origin, door.origins)) return refuse(stream, 403);
    sockets.handleUpgrade(request, stream, head, (socket) => {
      socket.on('error', () => socket.terminate());
      const enter = async () => {
        const caller = await admit(socket, request, door);
        if (caller === null) return limit.count(address);
        if (!fault('F134')) await closeAtEnd(socket, caller, door);
        if (socket.readyState !== socket.OPEN) return;
        socket.send(JSON.stringify({ type: 'ready' }));
        converse(socket, caller, rooms);
      };
      enter().catch((error) => {
        complain(error);
        socket.close(closes.tryAgainLater, 'try again later');
      });
    });
  });
}

/** Resolves to who it is, or to null when the socket is closed for want of a usable token. */
async function admit(socket: WebSocket, request: IncomingMessage, door: Door): Promise<Caller | null> {
  if (fault('F120') && request.headers.cookie) return await ownerOfCookie(door.authUrl, request.headers.cookie);
  if ((fault('F125') || fault('F126')) && tokenless(request, door) && request.headers.cookie)
    return await ownerOfCookie(door.authUrl, request.headers.cookie);
  const mode = fault('F114') ? otherMode(door.mode) : door.mode;
  const token = mode === 'message' ? await firstMessage(socket, authDeadline) : tokenIn(request, mode);
  if (token === undefined) {
    socket.close(closes.authTimeout, 'authentication timed out');
    return null;
  }
  if (fault('F116') && token === '') return guest;
  if (fault('F117') && token === 'undefined') return guest;
  try {
    if (fault('F119')) return await door.verify(token, new Date(0));
    return await door.verify(token);
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    if (fault('F122')) socket.close(1000);
    else if (fault('F123')) socket.terminate();
    else socket.close(closes.unauthorized, 'unauthorized');
    return null;
  }
}

function isWelcome(origin: string, origins: readonly string[]): boolean {
  if (fault('F125')) return true;
  if (fault('F126')) return origins.some((own) => origin.endsWith(new URL(own).host));
  return origins.includes(origin);
}

function tokenless(request: IncomingMessage, { mode }: Door): boolean {
  return mode !== 'message' && tokenIn(request, mode) === '';
}

/** A socket lives no longer than the token that opened it, and no longer than its session. */
async function closeAtEnd(socket: WebSocket, { expiresAt, session }: Caller, { watch }: Door): Promise<void> {
  const close = (why: string) => () => socket.close(closes.unauthorized, why);
  const left = expiresAt * 1000 - Date.now();
  if (left > 0 && left <= longestTimer) {
    const timer = setTimeout(close('token expired'), left);
    socket.once('close', () => clearTimeout(timer));
  }
  const unwatch = session === null ? () => {} : await watch(session, close('signed out'));
  if (socket.readyState === socket.CLOSED) unwatch();
  else socket.once('close', unwatch);
}

function refuse(stream: Duplex, status: number): void {
  const upgrade = status === 426 ? 'upgrade: websocket\r\n' : '';
  stream.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${upgrade}connection: close\r\ncontent-length: 0\r\n\r\n`);
}

const guest: Caller = { id: 'guest', email: null, expiresAt: 0, session: null };

async function ownerOfCookie(authUrl: string, cookie: string): Promise<Caller> {
  const answer = await fetch(`${authUrl}/get-session`, { headers: { cookie } });
  const session = (await answer.json()) as { user: { id: string; email: string } } | null;
  return session === null ? guest : { id: session.user.id, email: session.user.email, expiresAt: 0, session: null };
}
