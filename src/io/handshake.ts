import { isDeepStrictEqual } from 'node:util';
import type { SocketOptions } from '../core/probe.js';
import { isRefusalNotice } from '../core/refusal-notice.js';
import { marks } from '../core/reproduce.js';
import { plain } from '../core/secret.js';
import type { SocketAuth, Target } from '../core/target.js';
import type { Socket, SocketRequest, World } from '../world.js';
import { homeOf } from './home.js';
import { learnToken } from './learn-token.js';
import type { Note } from './note.js';
import { noted } from './note.js';

export interface Handshake {
  readonly world: World;
  readonly target: Target;
  readonly signal: AbortSignal;
  /** what says who asks */
  readonly agent: string;
  /** hears each token that is sent */
  readonly learn: (secret: string) => void;
  readonly note: Note;
}

/** What servers usually say once a token is taken. */
const usualAck = /"(ready|connected|authenticated|authorized|auth[_.-]?(ok|success)|connection_ack|subscribed)"/i;

/** Opens a socket as the target, or the options, say; null where this way of passing a token cannot carry such text. */
export async function handshake(
  { world, target, signal, agent, learn, note }: Handshake,
  options: SocketOptions,
): Promise<{ readonly url: string; readonly socket: Socket | null }> {
  const { url, auth } = { ...target.routes.socket.value, ...options };
  const token = options.token === null ? null : plain(options.token);
  if (token !== null && !carries(auth, token)) return { url, socket: null };
  if (token !== null) learnToken(token, learn);
  const cookies = (await options.jar?.cookieHeader(url.replace(/^ws/, 'http'))) ?? '';
  if (token !== null || cookies !== '') homeOf(target).admit(url);
  const origin = options.origin === undefined ? target.origin : options.origin;
  const headers = {
    'user-agent': agent,
    ...(origin === null ? {} : { origin }),
    ...(cookies === '' ? {} : { cookie: cookies }),
  };
  const request = withToken(url, auth, token, headers);
  const began = world.monotonic();
  const socket = await world.sockets.open({ ...request, signal });
  // what follows the handshake is no matter of HTTP
  if (socket.status !== 101 || request.firstMessage === undefined)
    note(notedHandshake(url, request, token, socket.status, Math.round(world.monotonic() - began)));
  return { url, socket };
}

/** A handshake as a request of HTTP (RFC 6455 4.1). */
function notedHandshake(
  url: string,
  request: Omit<SocketRequest, 'signal'>,
  token: string | null,
  status: number,
  ms: number,
) {
  const asked = new URL(request.url.replace(/^ws/, 'http'));
  for (const [name, value] of asked.searchParams) if (value === token) asked.searchParams.set(name, standIn);
  const protocols = request.protocols.map((each) => (each === token ? marks.token : each));
  const { headers, ...rest } = noted({ method: 'GET', url: asked.href, headers: request.headers }, status, ms);
  return {
    ...rest,
    url,
    asked: rest.asked?.replaceAll(standIn, marks.token) ?? asked.href,
    headers: [
      ['connection', 'Upgrade'],
      ['upgrade', 'websocket'],
      ['sec-websocket-version', '13'],
      ['sec-websocket-key', 'bG9ja3N0ZXAgd2FzIGhlcg=='],
      ...(protocols.length === 0 ? [] : [['sec-websocket-protocol', protocols.join(', ')] as const]),
      ...headers,
    ] as const,
  };
}
/** what a URL does not escape */
const standIn = 'lockstep-token-here';

/** Tells the message by which this target says that it trusts the token: the declared one, or one of the usual. */
export function ackOf({ routes }: Target): (text: string) => boolean {
  const { ack } = routes.socket.value;
  return (text) => (ack === null ? usualAck.test(text) : matches(text, ack)) && !isRefusalNotice(text);
}

/** A subprotocol is an RFC 9110 token, a header has no control characters: not every text fits into them. */
function carries(auth: SocketAuth, token: string): boolean {
  if (auth.mode === 'subprotocol') return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(token);
  return auth.mode !== 'header' || /^[\x20-\x7e]*$/.test(token);
}

function withToken(
  url: string,
  auth: SocketAuth,
  token: string | null,
  headers: Readonly<Record<string, string>>,
): Omit<SocketRequest, 'signal'> {
  const bare = { url, protocols: [], headers };
  if (token === null) return bare;
  switch (auth.mode) {
    case 'query': {
      const at = new URL(url);
      at.searchParams.set(auth.name, token);
      return { ...bare, url: at.href };
    }
    case 'subprotocol':
      return { ...bare, protocols: [auth.protocol, token] };
    case 'header':
      return { ...bare, headers: { ...headers, authorization: `Bearer ${token}` } };
    case 'message':
      return { ...bare, firstMessage: auth.template.replaceAll('{token}', JSON.stringify(token).slice(1, -1)) };
  }
}

/** True when a message is the declared ack: equal text, or JSON that has all that the ack has. */
function matches(text: string, ack: unknown): boolean {
  if (typeof ack === 'string') return text === ack;
  try {
    return includes(JSON.parse(text), ack);
  } catch {
    return false;
  }
}

function includes(value: unknown, part: unknown): boolean {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return isDeepStrictEqual(value, part);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(part).every(
    ([key, inner]) => Object.hasOwn(value, key) && includes((value as Record<string, unknown>)[key], inner),
  );
}
