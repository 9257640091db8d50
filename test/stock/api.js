// A backend that trusts the tokens of auth.js, as the page of Better Auth's jwt plugin shows it: jose and the remote
// JWKS. Its routes and shapes are its own, and so is its socket, at a path of its own.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { WebSocketServer } from 'ws';

const { AUTH_URL = '' } = process.env;
const keys = createRemoteJWKSet(new URL(`${AUTH_URL}/api/auth/jwks`));
const validate = async (token) => (await jwtVerify(token, keys, { issuer: AUTH_URL, audience: AUTH_URL })).payload;
const items = new Map();

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  const answer = (status, body) => {
    response.writeHead(status, {
      'content-type': 'application/json',
      'access-control-allow-origin': AUTH_URL,
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-allow-methods': 'GET, POST, PATCH, DELETE',
      vary: 'origin',
    });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };
  if (request.method === 'OPTIONS') return answer(204);
  if (pathname === '/healthz') return answer(200, { status: 'up' });

  let user;
  try {
    user = await validate((request.headers.authorization ?? '').replace(/^Bearer /, ''));
  } catch {
    return answer(401, { error: { code: 'unauthorized' } });
  }
  if (pathname === '/users/me') return answer(200, { user: { id: user.sub, email: user.email, name: user.name } });

  const own = [...items.values()].filter(({ owner }) => owner === user.sub);
  const shown = ({ owner: _, ...item }) => item;
  if (pathname === '/items' && request.method === 'GET') return answer(200, { data: own.map(shown) });
  if (pathname === '/items' && request.method === 'POST') {
    const body = await json(request);
    if (typeof body?.title !== 'string') return answer(422, { error: { code: 'title_missing' } });
    const item = { id: randomUUID(), title: body.title, done: false, owner: user.sub };
    items.set(item.id, item);
    return answer(201, { data: shown(item) });
  }
  const item = own.find(({ id }) => pathname === `/items/${id}`);
  if (item === undefined) return answer(404, { error: { code: 'not_found' } });
  if (request.method === 'GET') return answer(200, { data: shown(item) });
  if (request.method === 'PATCH') {
    const body = await json(request);
    if (typeof body?.title === 'string') item.title = body.title;
    return answer(200, { data: shown(item) });
  }
  if (request.method !== 'DELETE') return answer(405, { error: { code: 'method_not_allowed' } });
  items.delete(item.id);
  return answer(204);
});

async function json(request) {
  try {
    return JSON.parse((await request.toArray()).join(''));
  } catch {
    return null;
  }
}

const sockets = new WebSocketServer({ server, path: '/live' });
sockets.on('connection', async (socket, request) => {
  const token = new URL(request.url, 'http://localhost').searchParams.get('token');
  try {
    const { sub, exp } = await validate(token);
    socket.send(JSON.stringify({ event: 'welcome', user: sub }));
    setTimeout(() => socket.close(4401, 'token expired'), exp * 1000 - Date.now()).unref();
  } catch {
    socket.close(4401, 'unauthorized');
  }
});

server.listen(0, 'localhost', () => process.stdout.write(`http://localhost:${server.address().port}\n`));
