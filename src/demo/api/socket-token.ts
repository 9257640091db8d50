import type { IncomingMessage } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import { isObject } from '../http.js';
import { fault } from '../planted.js';
import type { SocketAuthMode } from '../protocol.js';

/** The subprotocol that is offered before the token, and the only one that is ever echoed. */
export const subprotocol = 'bearer';

/** The token as the handshake carries it; empty when there is none. */
export function tokenIn(request: IncomingMessage, mode: Exclude<SocketAuthMode, 'message'>): string {
  if (mode === 'query') return new URL(request.url ?? '/', 'http://api').searchParams.get('token') ?? '';
  if (mode === 'header') return /^Bearer +(.*)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
  return offered[0] === subprotocol ? (offered[1] ?? '') : '';
}

/**
 * The token of the first message, `{"type":"auth","token":"..."}`; empty for any other message, undefined when none
 * comes in time.
 */
export function firstMessage(socket: WebSocket, patience: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), fault('F128') ? 2 ** 31 - 1 : patience);
    if (fault('F129')) socket.on('ping', () => timer.refresh());
    const done = (token: string) => {
      clearTimeout(timer);
      resolve(token);
    };
    socket.once('message', (data: RawData, binary: boolean) => done(binary ? '' : tokenOf(String(data))));
    socket.once('close', () => done(''));
  });
}

function tokenOf(text: string): string {
  const message = parsed(text);
  return message?.type === 'auth' && typeof message.token === 'string' ? message.token : '';
}

/** A message as a JSON object, or null. */
export function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** A place where no client of this deployment puts its token. */
export function otherMode(mode: SocketAuthMode): SocketAuthMode {
  return mode === 'query' ? 'header' : 'query';
}
