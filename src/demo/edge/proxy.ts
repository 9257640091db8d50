import { Agent, request as ask, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { createGzip } from 'node:zlib';
import { pathOf } from '../http.js';
import { fault, twin } from '../planted.js';
import type { Cache } from './cache.js';
import { forwarded, returned } from './forwarded.js';
import type { EdgePlan } from './plan.js';

interface Proxy extends Pick<EdgePlan, 'auth' | 'api' | 'origin' | 'basePath' | 'tls' | 'idle'> {
  readonly cache: Cache;
  readonly log: (request: IncomingMessage, status: number) => void;
}

/** Serves a deployment of several servers as one origin: the page and Better Auth's routes here, the rest there. */
export function proxy(server: Server, options: Proxy): void {
  // own connections to each server behind, so that a slow stream holds up nobody
  const agent = new Agent({ keepAlive: true });
  const next = inTurn(options);
  const idle = (fault('F222') ? options.idle / 60 : options.idle) * 1000;

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    response.on('finish', () => options.log(request, response.statusCode));
    const rule = options.cache.rule(request);
    if (rule !== null && options.cache.serve(rule.key, response)) return;
    const away = elsewhere(request, options);
    if (away !== null) return void response.writeHead(308, { location: away }).end();
    const behind = ask(next(request), {
      agent,
      method: request.method,
      path: request.url,
      headers: forwarded(request, options, false),
      setHost: false,
    });
    behind.on('error', () => (response.headersSent ? response.destroy() : gone(response)));
    response.on('close', () => behind.destroy());
    behind.on('response', (answer) => {
      answer.on('error', () => response.destroy());
      behind.setTimeout(idle, () => behind.destroy());
      const headers = returned(answer);
      if (rule !== null && answer.statusCode === 200) {
        return whole(answer, (body) => {
          options.cache.keep(rule.key, rule.ms, headers, body);
          response.writeHead(200, headers).end(body);
        });
      }
      if (twin('H10') && answer.statusCode === 404 && request.method === 'GET') return instead(answer, response);
      const status = answer.statusCode ?? 502;
      if (fault('F224')) return whole(answer, (body) => response.writeHead(status, headers).end(body));
      if (fault('F225') && isStream(answer) && /gzip/.test(request.headers['accept-encoding'] ?? '')) {
        response.writeHead(status, { ...headers, 'content-encoding': 'gzip' });
        return answer.pipe(createGzip()).pipe(response);
      }
      response.writeHead(status, headers);
      response.flushHeaders();
      answer.pipe(response);
    });
    request.pipe(behind);
  });

  server.on('upgrade', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    client.on('error', () => client.destroy());
    const behind = ask(next(request), {
      path: request.url,
      headers: forwarded(request, options, true),
      setHost: false,
    });
    const withdraw = () => void behind.destroy();
    client.on('close', withdraw);
    behind.on('error', () => client.end(`HTTP/1.1 502 ${STATUS_CODES[502]}\r\nconnection: close\r\n\r\n`));
    behind.on('response', (answer) => {
      options.log(request, answer.statusCode ?? 502);
      client.write(headOf(answer, 'connection: close\r\n'));
      answer.pipe(client);
    });
    behind.on('upgrade', (answer, socket, first: Buffer) => {
      options.log(request, 101);
      client.off('close', withdraw);
      client.write(headOf(answer, 'connection: Upgrade\r\nupgrade: websocket\r\n'));
      join(client, socket, idle);
      socket.write(head);
      client.write(first);
    });
    behind.end();
  });
}

/** Which server behind gets a request: by its path, each of several in turn. */
function inTurn({ auth, api, basePath }: Proxy): (request: IncomingMessage) => string {
  const turns = new Map<readonly string[], number>();
  return (request) => {
    const path = pathOf(request);
    const servers = path === '/' || path === basePath || path.startsWith(`${basePath}/`) ? auth : api;
    const turn = turns.get(servers) ?? 0;
    turns.set(servers, turn + 1);
    return servers[turn % servers.length] as string;
  };
}

/** Another name of this host to which a request is sent on, or null. */
function elsewhere(request: IncomingMessage, { origin, basePath }: Proxy): string | null {
  const path = request.url ?? '/';
  if (fault('F227') && !path.startsWith(`${basePath}/`)) return `${origin.replace('localhost', '127.0.0.1')}${path}`;
  return null;
}

/** The page for every path that nobody knows, as single-page applications are served: its scripts make out which. */
function instead(answer: IncomingMessage, response: ServerResponse): void {
  answer.resume();
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', server: 'edge' });
  response.end('<!doctype html><title>demo</title><div id="root"></div>');
}

function gone(response: ServerResponse): void {
  response.writeHead(502, { 'content-type': 'text/plain', server: 'edge' }).end('Bad Gateway');
}

function isStream(answer: IncomingMessage): boolean {
  return answer.headers['content-type']?.startsWith('text/event-stream') === true;
}

function whole(answer: IncomingMessage, then: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  answer.on('end', () => then(Buffer.concat(chunks)));
}

/** The head of an answer as it came, but for what is between two neighbours. */
function headOf(answer: IncomingMessage, own: string): string {
  const lines: string[] = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n`, own];
  for (let i = 0; i + 1 < answer.rawHeaders.length; i += 2) {
    const name = answer.rawHeaders[i] as string;
    // a body without transfer-encoding ends with the connection
    if (!/^(connection|upgrade|keep-alive|transfer-encoding)$/i.test(name))
      lines.push(`${name}: ${answer.rawHeaders[i + 1]}\r\n`);
  }
  return `${lines.join('')}\r\n`;
}

/**
 * Joins two ends until both have said their last, or until `idle` milliseconds went by without a byte: then both are cut.
 * What one end said last still arrives: nothing is destroyed that can be ended.
 */
function join(client: Duplex, server: Duplex, idle: number): void {
  const timer = setTimeout(() => {
    client.destroy();
    server.destroy();
  }, idle);
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    from.on('data', () => timer.refresh());
    from.on('error', () => {});
    from.pipe(to);
    from.on('close', () => {
      clearTimeout(timer);
      if (!from.readableEnded) to.destroy();
    });
  }
}
