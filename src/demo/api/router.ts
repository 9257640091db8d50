import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal, readJson, sendJson } from '../http.js';
import { fault } from '../planted.js';
import { openEventStream } from './event-stream.js';
import { type Caller, Unusable, type Verify } from './token.js';

/** One request, with what the router knows about it. */
export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** the value of `:id` in the path, where the route has one */
  readonly id: string;
  readonly query: URLSearchParams;
  /** who calls: every route but `/health` has one */
  readonly caller: Caller;
  body(): Promise<Readonly<Record<string, unknown>>>;
  json(status: number, body?: unknown): void;
}

export interface Route {
  readonly method: string;
  /** with at most one `:id`, last or not */
  readonly path: string;
  run(call: Call): Promise<void>;
}

/** Finds the route, learns who calls, runs it. 404 and 405 come after 401: nobody maps the routes without a token. */
export function makeRouter(routes: readonly Route[], verify: Verify) {
  const patterns = routes.map((route) => ({ ...route, pattern: patternOf(route.path) }));
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://api');
    const forgotten = fault('F018') && url.pathname === '/api/chat/messages';
    const caller = forgotten
      ? guest
      : await callerOf(request, verify).catch((error: unknown) => {
          if (fault('F084') && url.pathname === '/api/chat') return null;
          throw error;
        });
    if (caller === null) return sayInside(response);
    const here = patterns.filter(({ pattern }) => pattern.test(url.pathname));
    const route = here.find(({ method }) => method === request.method);
    if (route === undefined) {
      if (here.length === 0) throw new Refusal(404, 'not_found');
      throw new Refusal(405, 'method_not_allowed', { allow: here.map(({ method }) => method).join(', ') });
    }
    await route.run({
      request,
      response,
      id: decodeURIComponent(route.pattern.exec(url.pathname)?.groups?.id ?? ''),
      query: url.searchParams,
      caller,
      body: () => readJson(request),
      json: (status, body) => sendJson(response, status, body),
    });
  };
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(':id', '(?<id>[A-Za-z0-9_-]+)')}$`);
}

/** Whom a careless API takes for the caller when nobody says who calls. */
const guest: Caller = { id: 'guest', email: null, expiresAt: Number.MAX_SAFE_INTEGER, session: null };

/** RFC 6750 section 3: a bare challenge without a token, `invalid_token` for one that is refused. */
async function callerOf(request: IncomingMessage, verify: Verify): Promise<Caller> {
  let token = /^Bearer +(.*)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (fault('F081')) token ??= new URL(request.url ?? '/', 'http://api').searchParams.get('access_token') ?? undefined;
  if (token === undefined && fault('F017')) return guest;
  if (token === undefined && fault('F078')) throw new Refusal(403, 'forbidden');
  if (token === undefined) throw new Refusal(401, 'unauthorized', { 'www-authenticate': 'Bearer' });
  try {
    const caller = await verify(token);
    if (fault('F159')) return { ...caller, id: String(request.headers['x-user-id'] ?? caller.id) };
    return caller;
  } catch (error) {
    if (fault('F080') && error instanceof Error) throw new Refusal(401, String(error.stack));
    if (fault('F078') && error instanceof Unusable && error.message.includes('"exp"')) throw error;
    if (!(error instanceof Unusable)) throw new Refusal(503, 'keys_unavailable');
    if (fault('F083') && error.message.startsWith('"exp"')) throw error;
    throw new Refusal(401, 'invalid_token', { 'www-authenticate': 'Bearer error="invalid_token"' });
  }
}

/** The refusal of somebody who opens the stream first. */
function sayInside(response: ServerResponse): void {
  const stream = openEventStream(response);
  stream.send(JSON.stringify({ error: 'unauthorized' }), undefined, 'error');
  stream.end();
}
