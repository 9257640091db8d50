/**
 * What must and must not compile for users of the client, held by the type check itself: each `@ts-expect-error` is an
 * error when its line is none.
 */
import { WebSocket as NodeWebSocket } from 'ws';
import {
  type AuthClient,
  ClientError,
  createAuthClient,
  type Failure,
  memoryStore,
  webSocketPort,
  wsPort,
} from '../../src/client/index.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(): T | undefined => undefined;

const refresh = async (_signal: AbortSignal) => 'token';

/** The platform's fetch: in and out as everybody knows it. */
export async function withPlatformFetch(): Promise<void> {
  const client = createAuthClient({ refresh });
  holds<Same<typeof client.fetch, typeof fetch>>();
  const response: Response = await client.fetch(new URL('http://x'), { method: 'POST', body: 'x' });
  await response.json();
  // @ts-expect-error no such option of fetch
  await client.fetch('/x', { metod: 'POST' });
}

/** A transport of one's own: its answer comes back with its own type. */
export async function withOwnTransport(): Promise<void> {
  interface Reply {
    readonly status: number;
    readonly headers: { get(name: string): string | null };
    readonly text: string;
  }
  const transport = async (_path: string, _init?: { headers?: Record<string, string> }): Promise<Reply> => {
    throw new Error('not sent');
  };
  const client = createAuthClient({ refresh, fetch: transport });
  holds<Same<typeof client, AuthClient<typeof transport>>>();
  const { text } = await client.fetch('/me');
  holds<Same<typeof text, string>>();
  // @ts-expect-error the transport takes paths only
  await client.fetch(new URL('http://x'));
  // @ts-expect-error an answer without a status is none
  createAuthClient({ refresh, fetch: async (_path: string) => ({ headers: new Headers() }) });
}

/** What a refresh may come back with. */
export function refreshes(): void {
  createAuthClient({ refresh: async () => ({ token: 't', expiresAt: Date.now() }) });
  createAuthClient({ refresh: async () => ({ status: 401 }) });
  createAuthClient({ refresh: async () => new Response(null, { status: 503 }) });
  // @ts-expect-error neither a token nor a status
  createAuthClient({ refresh: async () => ({ jwt: 't' }) });
  // @ts-expect-error nothing is no token
  createAuthClient({ refresh: async () => undefined });
}

/** Failures are told apart by their kind, and only then have details. */
export function kinds(error: ClientError): string {
  const { failure } = error;
  // @ts-expect-error not every failure has a status
  void failure.status;
  // @ts-expect-error no such kind
  if (failure.kind === 'unauthorized') return '';
  if (failure.kind === 'rate-limited') holds<Same<typeof failure.retryAfter, number | null>>();
  const exhaustive = (one: Failure['kind']): string => one;
  return exhaustive(failure.kind);
}

/** A stream and its parts. */
export async function streams(): Promise<void> {
  const client = createAuthClient({ refresh, store: memoryStore('t') });
  for await (const part of client.stream('/chat', { method: 'POST' })) {
    // @ts-expect-error a replacement has no data
    void part.data;
    if (part.kind === 'event') holds<Same<typeof part.data, string>>();
    else void part.stored;
  }
  // @ts-expect-error no such reading of an event
  client.stream('/chat', {}, { ending: () => () => 'over' });
}

/** Sockets of browsers and of `ws`. */
export function sockets(): void {
  const client = createAuthClient({ refresh });
  client.socket('wss://x/ws', { auth: { mode: 'query', name: 'session_token' }, port: wsPort(NodeWebSocket) });
  client.socket('wss://x/ws', { auth: { mode: 'message' }, port: webSocketPort(WebSocket) });
  // @ts-expect-error how it is told who connects must be said
  client.socket('wss://x/ws', {});
  // @ts-expect-error no such mode
  client.socket('wss://x/ws', { auth: { mode: 'cookie' } });
  const { status } = client.socket('wss://x/ws', { auth: { mode: 'query' } });
  // @ts-expect-error a status is a value, not a place to write to
  status.phase = 'live';
  // @ts-expect-error so is a snapshot
  client.snapshot.status = 'signed-in';
}

void ClientError;
