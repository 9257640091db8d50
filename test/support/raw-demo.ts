import { readFileSync } from 'node:fs';
import { Agent, fetch, type Headers } from 'undici';
import { WebSocket } from 'ws';
import type { Demo } from '../../src/demo/contract.js';
import { whenAwake } from './awake.js';

/** What a person has after signing in: raw requests, nothing of lockstep's own client in between. */
export interface SignedIn {
  readonly cookie: string;
  readonly userId: string;
  /** a fresh token of the token route */
  token(): Promise<string>;
  /** a call to the API as this person */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** the body as JSON; undefined where it is none */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
  readonly json: any;
}

export async function ask(
  method: string,
  url: string,
  options: { body?: unknown; headers?: Record<string, string>; agent?: Agent } = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    ...(options.agent === undefined ? {} : { dispatcher: options.agent }),
    headers: { ...(options.body === undefined ? {} : { 'content-type': 'application/json' }), ...options.headers },
    ...(options.body === undefined
      ? {}
      : { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

/** Trusts the CA of a demo, where it has one of its own. */
export function agentFor(demo: Demo): Agent {
  return new Agent({ connect: demo.caFile === null ? {} : { ca: readFileSync(demo.caFile) } });
}

export function originOf(demo: Demo): string {
  return new URL(demo.page).origin;
}

export async function signIn(demo: Demo, who: 'a' | 'b'): Promise<SignedIn> {
  const { email, password } = demo.users[who];
  const agent = agentFor(demo);
  const answer = await ask('POST', `${demo.auth}/sign-in/email`, {
    body: { email, password: password.reveal() },
    headers: { origin: originOf(demo) },
    agent,
  });
  if (answer.status !== 200) throw new Error(`sign-in of ${who}: ${answer.status} ${answer.text}`);
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';', 1)[0])
    .join('; ');
  let current: string | undefined;
  const token = async () => {
    const { status, json } = await ask('GET', `${demo.auth}/token`, { headers: { cookie }, agent });
    if (status !== 200) throw new Error(`token of ${who}: ${status}`);
    return json.token as string;
  };
  return {
    cookie,
    userId: answer.json.user.id,
    token,
    async api(method, path, body, headers = {}) {
      current ??= await token();
      return ask(method, `${demo.api}${path}`, {
        body,
        agent,
        headers: { authorization: `Bearer ${current}`, ...headers },
      });
    },
  };
}

/** What became of one handshake: every message until the socket closed, or until `until` came or `patience` ran out. */
export interface Heard {
  readonly status: number;
  readonly messages: readonly string[];
  readonly closed: { readonly code: number; readonly reason: string } | null;
  readonly protocol: string;
}

export interface Call {
  readonly url: string;
  readonly protocols?: string[];
  readonly headers?: Record<string, string>;
  /** certificates to trust, PEM */
  readonly ca?: string;
  /** sent once it is open */
  readonly say?: readonly string[];
  readonly until?: string;
  /** milliseconds */
  readonly patience?: number;
}

export function hear({
  url,
  protocols = [],
  headers = {},
  ca,
  say = [],
  until,
  patience = 10_000,
}: Call): Promise<Heard> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, protocols, { headers, ...(ca === undefined ? {} : { ca }) });
    const messages: string[] = [];
    let status = 0;
    const done = (closed: Heard['closed']) => {
      cancel();
      resolve({ status, messages, closed, protocol: socket.protocol });
      socket.terminate();
    };
    const cancel = whenAwake(patience, () => done(null));
    socket.on('upgrade', (response) => (status = response.statusCode ?? 0));
    socket.on('unexpected-response', (_request, response) => {
      status = response.statusCode ?? 0;
      done(null);
    });
    socket.on('error', () => {});
    socket.on('open', () => {
      for (const text of say) socket.send(text);
    });
    socket.on('message', (data) => {
      messages.push(String(data));
      if (until !== undefined && String(data).includes(until)) done(null);
    });
    socket.on('close', (code, reason) => done({ code, reason: String(reason) }));
  });
}

/** The handshake that carries a token in one of the four ways. */
export function introduce(demo: Demo, mode: 'query' | 'subprotocol' | 'header' | 'message', token: string): Call {
  if (mode === 'query') return { url: `${demo.socket}?token=${encodeURIComponent(token)}` };
  if (mode === 'subprotocol') return { url: demo.socket, protocols: token === '' ? ['bearer'] : ['bearer', token] };
  if (mode === 'header') return { url: demo.socket, headers: { authorization: `Bearer ${token}` } };
  return { url: demo.socket, say: [JSON.stringify({ type: 'auth', token })] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
