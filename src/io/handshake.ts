import { isDeepStrictEqual } from 'node:util';
import type { SocketOptions } from '../core/probe.js';
import { isRefusalNotice } from '../core/refusal-notice.js';
import { plain } from '../core/secret.js';
import type { SocketAuth, Target } from '../core/target.js';
import type { Socket, SocketRequest, World } from '../world.js';
import { homeOf } from './home.js';
import { learnToken } from './learn-token.js';

export interface Handshake {
  readonly world: World;
  readonly target: Target;
  readonly signal: AbortSignal;
  /** what says who asks */
  readonly agent: string;
  /** hears each token that is sent */
  readonly learn: (secret: string) => void;
}

/** What servers usually say once a token is taken. */
const usualAck = /"(ready|connected|authenticated|authorized|auth[_.-]?(ok|success)|connection_ack|subscribed)"/i;

/** Opens a socket as the target, or the options, say; null where this way of passing a token cannot carry such text. */
export async function handshake(
  { world, target, signal, agent, learn }: Handshake,
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
  return { url, socket: await world.sockets.open({ ...withToken(url, auth, token, headers), signal }) };
}

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
