import { isDeepStrictEqual } from 'node:util';
import type { SocketOptions, SocketTrace } from '../core/probe.js';
import { isRefusalNotice } from '../core/refusal-notice.js';
import { plain } from '../core/secret.js';
import type { SocketAuth, Target } from '../core/target.js';
import type { SocketRequest, World } from '../world.js';
import { learnToken } from './learn-token.js';
import { pause } from './pause.js';

const patience = 5_000;
/** What servers usually say once a token is taken. */
const usualAck = /"(ready|connected|authenticated|authorized|auth[_.-]?(ok|success)|connection_ack|subscribed)"/i;
const mostMessages = 50;

export interface Tracing {
  readonly world: World;
  readonly target: Target;
  readonly signal: AbortSignal;
  /** what says who asks */
  readonly agent: string;
  /** hears each token that is sent */
  readonly learn: (secret: string) => void;
}

/**
 * Opens a socket and listens until the ack, the close, or the end of patience; then closes it. Where no ack is declared,
 * one of the usual ones counts, and else that the socket stays open and says nothing of a refusal. `toTheEnd` waits
 * for the close even then, because a server may say hello before it looks at the token.
 */
export async function trace(
  { world, target, signal, agent, learn }: Tracing,
  options: SocketOptions,
): Promise<SocketTrace> {
  const { url, auth, ack } = target.routes.socket.value;
  const token = options.token === null ? null : plain(options.token);
  if (token !== null && !carries(auth, token)) {
    return { url, sent: false, status: 0, acked: false, messages: [], closed: null };
  }
  if (token !== null) learnToken(token, learn);
  const cookies = (await options.jar?.cookieHeader(url.replace(/^ws/, 'http'))) ?? '';
  const socket = await world.sockets.open({
    ...address(url, auth, options, { origin: target.origin, agent, cookies }),
    signal,
  });
  if (socket.status !== 101) {
    return { url, sent: true, status: socket.status, acked: false, messages: [], closed: null };
  }
  const messages: string[] = [];
  let closed: SocketTrace['closed'] = null;
  let acked = false;
  const enough = new AbortController();
  const wait = (ms: number) => pause(world.timer, ms, AbortSignal.any([signal, enough.signal]));
  const isAck = (text: string) =>
    ack === null ? options.toTheEnd !== true && usualAck.test(text) : matches(text, ack);
  const listening = (async () => {
    for await (const text of socket.messages()) {
      if (messages.length < mostMessages) messages.push(text);
      acked = isAck(text) && !isRefusalNotice(text);
      if (acked) return;
    }
    closed = await socket.closed();
  })();
  await Promise.race([listening, wait(options.patience ?? patience)]);
  enough.abort();
  const stayed = ack === null && closed === null && !messages.some(isRefusalNotice);
  const heard = { messages: [...messages], closed, acked: acked || stayed };
  await socket.close();
  return { url, sent: true, status: 101, ...heard };
}

/** A subprotocol is an RFC 9110 token, a header has no control characters: not every text fits into them. */
function carries(auth: SocketAuth, token: string): boolean {
  if (auth.mode === 'subprotocol') return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(token);
  return auth.mode !== 'header' || /^[\x20-\x7e]*$/.test(token);
}

function address(
  url: string,
  auth: SocketAuth,
  options: SocketOptions,
  browser: { readonly origin: string; readonly agent: string; readonly cookies: string },
): Omit<SocketRequest, 'signal'> {
  const { agent, cookies } = browser;
  const origin = options.origin === undefined ? browser.origin : options.origin;
  const headers = {
    'user-agent': agent,
    ...(origin === null ? {} : { origin }),
    ...(cookies === '' ? {} : { cookie: cookies }),
  };
  const bare = { url, protocols: [], headers };
  if (options.token === null) return bare;
  const token = plain(options.token);
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
