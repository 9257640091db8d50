import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Refresh } from '../../src/client/index.js';
import type { Demo } from '../../src/demo/contract.js';
import { startDemo } from '../../src/demo/demo.js';
import { signIn } from './raw-demo.js';

/** What the load proofs need of a deployment, whoever built it. */
export interface Deployment {
  readonly api: string;
  /** a path that wants a token */
  readonly me: string;
  readonly refresh: Refresh;
  /** a token of the right shape that the API refuses */
  readonly dead: string;
  /** the request for a stream of numbered events, under another base */
  stream(base: string, n: number): { readonly url: string; readonly init: { method: string; [name: string]: unknown } };
  /** the text of one stream, as the server has it */
  textOf(n: number, data: readonly string[]): { readonly got: string; readonly wanted: string };
  /** bytes of an answer before which a cut may not come, for requests that cannot be sent twice */
  readonly head: number;
  readonly socketPath: string;
  readonly isAck: (data: unknown) => boolean;
  /** sends one more numbered message to everybody, where the deployment can; its text */
  tell?(): string;
  stop(): Promise<void>;
}

/** An auth server, an API and a socket in a hundred lines: quick, and without opinions of its own. */
export async function smallDeployment(): Promise<Deployment> {
  let good = 'none';
  let issued = 0;
  const parts = (n: number) => Array.from({ length: 12 }, (_, part) => `part ${part} of ${n} äß€🙂 `);
  const history: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    if (pathname === '/token') {
      good = `token-${++issued}`;
      response.end(JSON.stringify({ token: good }));
      return;
    }
    if (request.headers.authorization !== `Bearer ${good}`) {
      response.writeHead(401).end('no');
      return;
    }
    if (pathname !== '/stream') {
      response.end('me');
      return;
    }
    const n = Number(searchParams.get('n'));
    const last = request.headers['last-event-id'];
    const from = last === undefined ? 0 : Number(last) + 1;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const [id, part] of parts(n).entries()) if (id >= from) response.write(`id: ${id}\ndata: ${part}\n\n`);
    response.end('data: [DONE]\n\n');
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, stream, head) => {
    stream.on('error', () => stream.destroy());
    const token = new URL(request.url ?? '', 'ws://x').searchParams.get('token');
    if (token !== good) {
      stream.end('HTTP/1.1 401 No\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket: WebSocket) => {
      socket.on('error', () => {});
      socket.send('welcome');
      // everything again: the client has to know what it has seen
      for (const message of history) socket.send(message);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    api,
    me: '/me',
    dead: 'dead',
    refresh: async (signal) => (await fetch(`${api}/token`, { signal })).json() as Promise<{ token: string }>,
    stream: (base, n) => ({ url: `${base}/stream?n=${n}`, init: { method: 'GET' } }),
    textOf: (n, data) => ({ got: data.join(''), wanted: parts(n).join('') }),
    head: 0,
    socketPath: '/ws',
    isAck: (data) => data === 'welcome',
    tell() {
      const message = `${history.length + 1} message`;
      history.push(message);
      for (const socket of sockets.clients) socket.send(message);
      return message;
    },
    async stop() {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** The embedded demo: real Better Auth, a real database. */
export async function demoDeployment(): Promise<Deployment> {
  const demo: Demo = await startDemo({ trust: 'jwks', socketAuth: 'query', faults: [] });
  const a = await signIn(demo, 'a');
  const [header, payload, signature = ''] = (await a.token()).split('.');
  const wrong = signature.startsWith('A') ? 'B' : 'A';
  const socket = new URL(demo.socket);
  return {
    api: demo.api,
    me: '/api/me',
    dead: [header, payload, wrong + signature.slice(1)].join('.'),
    refresh: async (signal) => {
      const response = await fetch(`${demo.auth}/token`, { headers: { cookie: a.cookie }, signal });
      return response.ok ? (response.json() as Promise<{ token: string }>) : response;
    },
    stream: (base, n) => ({
      url: `${base}/api/chat`,
      init: {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ message: `hello ${n} äß€🙂` }),
      },
    }),
    textOf(_n, data) {
      const deltas = data.map((text) => JSON.parse(text) as { messageId: string; delta: string });
      return { got: deltas.map(({ delta }) => delta).join(''), wanted: deltas[0]?.messageId ?? '' };
    },
    // its head and its first event
    head: 700,
    socketPath: socket.pathname,
    isAck: (data) => (JSON.parse(String(data)) as { type?: string }).type === 'ready',
    stop: () => demo.stop(),
  };
}
