import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Server as Listening } from 'node:net';
import { complain } from './child.js';
import { fault } from './planted.js';

/** An answer that is not the wanted one: thrown by handlers, written by `serve`. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** `code` is stable and goes into the body as `error` */
  constructor(status: number, code: string, headers: Readonly<Record<string, string>> = {}) {
    super(code);
    this.status = status;
    this.headers = headers;
  }
}

/** A listener that always answers: a Refusal as it says, any other error as 500, and the process lives on. */
export function serve(handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>): RequestListener {
  return (request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (error instanceof Refusal)
        return sendJson(response, error.status, { error: error.message, ...insides(error) }, error.headers);
      complain(error);
      sendJson(response, 500, { error: 'internal_server_error' });
    });
  };
}

/** What a developer wants to see, and nobody else. */
function insides({ stack }: Error): { stack?: string | undefined } {
  return fault('F192') ? { stack } : {};
}

/**
 * Idle connections outlive those of any client or proxy in front, as behind a load balancer: who closes first must not be
 * the server, or a request now and then meets a closing socket.
 */
export const patience = { keepAliveTimeout: 65_000 } as const;

/** Serves on a socket that is open already. */
export function listen(server: Server, listening: Listening | undefined): void {
  server.keepAliveTimeout = patience.keepAliveTimeout;
  server.listen(listening);
}

/** Sends a body as JSON, unless an answer is already on its way: that one is cut, so that nobody takes it for whole. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers });
  response.end(status === 204 || status === 304 ? undefined : JSON.stringify(body));
}

const bodyLimit = 64 * 1024;

/** The body as a JSON object; 413 past 64 KiB, 400 for anything else. */
export async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit) throw new Refusal(413, 'body_too_large', { connection: 'close' });
    chunks.push(chunk);
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (isObject(body)) return body;
  } catch {
    // told below, without the text: it may hold anything
  }
  throw new Refusal(400, 'body_not_a_json_object');
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The path of a request, without its query. */
export function pathOf(request: IncomingMessage): string {
  return request.url?.split('?', 1)[0] ?? '/';
}

/** The value of an environment variable that must be there. */
export function required(env: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}
