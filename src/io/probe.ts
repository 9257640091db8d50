import type { KeyObject } from 'node:crypto';
import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { CookieJar } from 'tough-cookie';
import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { Caller, CallOptions, Jar, Probe, SocketOptions, SocketTrace, Undo } from '../core/probe.js';
import type { Reply } from '../core/reply.js';
import { header, headers } from '../core/reply.js';
import { Secret } from '../core/secret.js';
import type { SocketAuth, Target } from '../core/target.js';
import type { Http, HttpRequest, SocketRequest, World } from '../world.js';

export interface ProbeOptions {
  readonly target: Target;
  readonly world: World;
  /** undone after the run, last in first out */
  readonly undo: Undo[];
}

/** The probe of one check: all its exchanges end when `signal` is aborted. */
export function createProbe({ target, world, undo }: ProbeOptions, signal: AbortSignal): Probe {
  const exchange = { http: world.http, signal, origin: target.origin, pause: (ms: number) => sleep(world, ms, signal) };
  return {
    target,
    auth: caller(target.auth, exchange),
    api: caller(target.api ?? '', exchange),
    newJar,
    socket: (options) => trace(world, target, options, signal),
    canary: () => `canary-${Buffer.from(world.random(16)).toString('hex')}`,
    now: () => world.now(),
    freshKey,
    pause: (ms) => sleep(world, ms, signal),
    defer: (action) => void undo.push(action),
  };
}

function newJar(): Jar {
  const jar = new CookieJar();
  return {
    cookieHeader: (url) => jar.getCookieString(url),
    async store(url, setCookies) {
      for (const line of setCookies) await jar.setCookie(line, url, { ignoreError: true });
    },
  };
}

interface Exchange {
  readonly http: Http;
  readonly signal: AbortSignal;
  readonly origin: string;
  readonly pause: (ms: number) => Promise<void>;
}

function caller(base: string, { http, signal, origin, pause }: Exchange): Caller {
  const send = async (method: string, path: string, body: unknown, options: CallOptions = {}): Promise<Reply> => {
    const url = `${base}${path}`;
    const cookies = await options.jar?.cookieHeader(url);
    const says = options.origin === undefined ? origin : options.origin;
    const request: HttpRequest = {
      method,
      url,
      headers: {
        accept: 'application/json',
        ...(says === null ? {} : { origin: says }),
        ...(cookies ? { cookie: cookies } : {}),
        ...(options.bearer === undefined ? {} : { authorization: `Bearer ${plain(options.bearer)}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    };
    const reply = await patiently(() => http.send(request), pause);
    await options.jar?.store(url, headers(reply, 'set-cookie'));
    return reply;
  };
  return {
    base,
    get: (path, options) => send('GET', path, undefined, options),
    post: (path, body, options) => send('POST', path, body, options),
    send,
  };
}

const longestWait = 30;

/** Sends once more after a 429, when the server says how long to wait; a second 429 ends the check, inconclusive. */
async function patiently(send: () => Promise<Reply>, pause: (ms: number) => Promise<void>): Promise<Reply> {
  const first = await send();
  if (first.status !== 429) return first;
  // Better Auth sends X-Retry-After, not Retry-After
  const seconds = Number(header(first, 'retry-after') ?? header(first, 'x-retry-after') ?? 10);
  if (!(seconds >= 0 && seconds <= longestWait)) throw limited(first);
  await pause(seconds * 1000 + 100);
  const second = await send();
  if (second.status === 429) throw limited(second);
  return second;
}

function limited({ url }: Reply): LockstepError {
  return new LockstepError('rate-limited', `${url} answered 429: its rate limit is used up`, { exit: Exit.unfinished });
}

function plain(value: Secret | string): string {
  return value instanceof Secret ? value.reveal() : value;
}

const patience = 5_000;
const mostMessages = 50;

/** Opens a socket and listens until the ack, the close, or the end of patience; then closes it. */
async function trace(world: World, target: Target, options: SocketOptions, signal: AbortSignal): Promise<SocketTrace> {
  const { url, auth, ack } = target.routes.socket.value;
  if (options.token !== null && !carries(auth, plain(options.token))) {
    return { url, sent: false, status: 0, acked: false, messages: [], closed: null };
  }
  const socket = await world.sockets.open({ ...address(url, auth, options, target), signal });
  if (socket.status !== 101) {
    return { url, sent: true, status: socket.status, acked: false, messages: [], closed: null };
  }
  const messages: string[] = [];
  let closed: SocketTrace['closed'] = null;
  let acked = false;
  const listening = (async () => {
    for await (const text of socket.messages()) {
      if (messages.length < mostMessages) messages.push(text);
      acked = ack !== null && matches(text, ack);
      if (acked) return;
    }
    closed = await socket.closed();
  })();
  let cancel = () => {};
  const over = new Promise<void>((resolve) => {
    cancel = world.timer(options.patience ?? patience, resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([listening, over]);
  cancel();
  const heard = { messages: [...messages], closed, acked: acked || (ack === null && closed === null) };
  await socket.close();
  return { url, sent: true, status: 101, ...heard };
}

/** A subprotocol is an RFC 9110 token, a header has no control characters: not every text fits into them. */
function carries(auth: SocketAuth, token: string): boolean {
  if (auth.mode === 'subprotocol') return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(token);
  return auth.mode !== 'header' || /^[\x20-\x7e]*$/.test(token);
}

function address(url: string, auth: SocketAuth, options: SocketOptions, target: Target): Omit<SocketRequest, 'signal'> {
  const origin = options.origin === undefined ? target.origin : options.origin;
  const headers = origin === null ? {} : { origin };
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

function sleep(world: World, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = world.timer(ms, resolve);
    signal.addEventListener('abort', () => (cancel(), resolve()), { once: true });
  });
}

function freshKey(alg: string): KeyObject | null {
  switch (alg) {
    case 'EdDSA':
    case 'Ed25519':
      return generateKeyPairSync('ed25519').privateKey;
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    case 'ES384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
    case 'ES512':
      return generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey;
    case 'HS256':
    case 'HS384':
    case 'HS512':
      return createSecretKey(randomBytes(64));
    default:
      return /^[RP]S(256|384|512)$/.test(alg) ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey : null;
  }
}
