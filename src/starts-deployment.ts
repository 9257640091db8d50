import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

// what `write-starts` walks through: as little of a deployment as the common checks pass on, without a database or a hash

export interface Deployment {
  readonly url: string;
  /** words of the command line that say what it offers */
  readonly flags: readonly string[];
}

/** A deployment of two users, `a@example.invalid` and `b@example.invalid`, whatever their passwords. */
export async function withSomebody<T>(secret: string, use: (deployment: Deployment) => Promise<T>): Promise<T> {
  const tasks = new Map<string, { id: string; owner: string; title: string }>();
  const routes: Readonly<Record<string, (asked: Asked) => Answer>> = {
    'POST /api/auth/sign-in/email': ({ body }) => {
      const { email } = body as { email: string };
      return [200, { user: personOf(email) }, { 'set-cookie': `session_token=${email}; Path=/; HttpOnly` }];
    },
    'GET /api/auth/get-session': ({ cookie }) => [200, cookie === '' ? null : { user: personOf(cookie) }],
    'GET /api/auth/token': ({ cookie }) => (cookie === '' ? [401, {}] : [200, { token: tokenFor(cookie, secret) }]),
    'GET /api/me': ({ who }) => (who === null ? [401, {}] : [200, { id: who }]),
    'POST /api/tasks': ({ who, body }) => {
      const task = { id: randomUUID(), owner: who ?? '', title: String(Object(body).title) };
      tasks.set(task.id, task);
      return [201, task];
    },
    'GET /api/tasks': ({ who }) => {
      const items = [...tasks.values()].filter(({ owner }) => owner === who);
      return [200, { items, total: items.length }];
    },
    'GET /api/tasks/': ({ who, id }) => (tasks.get(id)?.owner === who ? [200, tasks.get(id)] : [404, {}]),
    'DELETE /api/tasks/': ({ who, id }) => (tasks.get(id)?.owner === who && tasks.delete(id) ? [204, null] : [404, {}]),
  };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [, id = ''] = /^\/api\/tasks\/(.+)/.exec(pathname) ?? [];
    const route = routes[`${request.method} ${id === '' ? pathname : '/api/tasks/'}`];
    const text = await textOf(request);
    const bearer = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const [, cookie = ''] = /session_token=([^;]+)/.exec(request.headers.cookie ?? '') ?? [];
    const asked = { cookie: decodeURIComponent(cookie), who: readToken(bearer, secret), id };
    const [status, json, headers = {}] = route?.({ ...asked, body: text === '' ? null : JSON.parse(text) }) ?? [
      404,
      {},
    ];
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(status === 204 ? '' : JSON.stringify(json));
  });
  const sockets = new WebSocketServer({ server, path: '/api/ws' });
  sockets.on('connection', (socket, { url = '' }) => {
    const token = new URL(url, 'http://localhost').searchParams.get('token') ?? '';
    if (readToken(token, secret) === null) socket.close(4401);
    else socket.send('{"type":"ready"}');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    return await use({ url, flags: ['--auth', url, '--api', url, '--tasks', '/api/tasks'] });
  } finally {
    sockets.close();
    server.close();
    server.closeAllConnections();
  }
}

interface Asked {
  readonly cookie: string;
  readonly who: string | null;
  /** of a task */
  readonly id: string;
  readonly body: unknown;
}
type Answer = readonly [status: number, json: unknown, headers?: Readonly<Record<string, string>>];

function personOf(email: string) {
  return { id: `user-${email[0]}`, email };
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function tokenFor(email: string, secret: string): string {
  const exp = Math.floor(Date.now() / 1000) + 900;
  const signed = `${encode({ alg: 'HS256' })}.${encode({ sub: personOf(email).id, jti: randomUUID(), exp })}`;
  return `${signed}.${macOf(signed, secret).toString('base64url')}`;
}

/** Whose a token is; null for one that this deployment has not made. */
function readToken(token: string, secret: string): string | null {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const seen = Buffer.from(signature, 'base64url');
  const mac = macOf(`${header}.${payload}`, secret);
  if (seen.length !== mac.length || !timingSafeEqual(seen, mac)) return null;
  const { sub, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return exp > Date.now() / 1000 ? sub : null;
}

function macOf(text: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(text).digest();
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}
