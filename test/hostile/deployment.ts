import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';

/** What one route does with the bare connection once it was asked. */
export type Act = (socket: Socket, request: IncomingMessage) => void;

export interface Hostile {
  readonly port: number;
  /** resolves when nobody is connected any more */
  left(): Promise<void>;
  stop(): Promise<void>;
}

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
export const jwtOf = (header: unknown, claims: unknown) => `${base64(header)}.${base64(claims)}.c2lnbmF0dXJl`;
export const email = 'a@example.com';
const good = jwtOf({ alg: 'HS256' }, { sub: 'user-a', exp: 4_102_444_800 });
const user = { id: 'user-a', email };

export const answer = (status: number, body: unknown, headers: readonly string[] = []) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return [
    `HTTP/1.1 ${status} Said`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
    ...headers,
    '',
    text,
  ].join('\r\n');
};

/** A deployment that works, as far as the corpus goes: its commands are not stopped before they meet what is hostile. */
const healthy: Readonly<Record<string, (request: IncomingMessage) => string>> = {
  'POST /api/auth/sign-in/email': () =>
    answer(200, { user }, ['set-cookie: better-auth.session_token=a-session-of-the-corpus; Path=/; HttpOnly']),
  'GET /api/auth/get-session': ({ headers }) => answer(200, headers.cookie ? { user, session: {} } : 'null'),
  'GET /api/auth/token': () => answer(200, { token: good }),
  'GET /api/me': ({ headers }) =>
    headers.authorization === `Bearer ${good}` ? answer(200, { id: 'user-a' }) : answer(401, {}),
};

export function upgrade({ headers }: IncomingMessage, key = String(headers['sec-websocket-key'])): string {
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  return `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`;
}

export const frame = (opcode: number, payload: Uint8Array | string = '', fin = 0x80) => {
  const bytes = Buffer.from(payload as string);
  const length =
    bytes.length < 126 ? [bytes.length] : bytes.length < 65_536 ? [126, bytes.length >> 8, bytes.length & 255] : null;
  const long = Buffer.alloc(9);
  long[0] = 127;
  long.writeBigUInt64BE(BigInt(bytes.length), 1);
  return Buffer.concat([Buffer.from([fin | opcode]), length === null ? long : Buffer.from(length), bytes]);
};

/** A server that does with every connection what it wants. */
export function bare(act: (socket: Socket) => void): Promise<Hostile> {
  return listening(
    createTcpServer((socket) => {
      act(socket);
      // what is not read hides the end
      socket.resume();
    }),
  );
}

/** The working deployment, with other acts at some routes: by `METHOD /path`, `WS` for the socket, `*` for all. */
export function deployment(acts: Readonly<Record<string, Act>>): Promise<Hostile> {
  const server = createServer();
  const at = (line: string, request: IncomingMessage) => {
    const act = acts[line] ?? acts['*'];
    const { socket } = request;
    if (act !== undefined) return act(socket, request);
    socket.write(healthy[line]?.(request) ?? answer(404, {}));
  };
  // the answers are bytes: nothing of Node's HTTP puts them right
  server.on('request', (request) => {
    const line = `${request.method} ${request.url?.replace(/\?.*/, '')}`;
    request.resume().once('end', () => at(line, request));
  });
  server.on('upgrade', (request, socket) => {
    const act = acts.WS ?? acts['*'];
    socket.resume().once('end', () => socket.end());
    if (act !== undefined) act(socket as Socket, request);
    else socket.write(Buffer.concat([Buffer.from(upgrade(request)), frame(1, '{"type":"ready"}')]));
  });
  return listening(server as unknown as Server);
}

async function listening(server: Server): Promise<Hostile> {
  const held = new Set<Socket>();
  const empty = new Set<() => void>();
  server.on('connection', (socket: Socket) => {
    held.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => {
      held.delete(socket);
      if (held.size === 0) for (const tell of empty) tell();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    left: () => new Promise((resolve) => (held.size === 0 ? resolve() : empty.add(resolve))),
    async stop() {
      for (const socket of held) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Writes the same again and again, as fast as it is taken. */
export function endless(socket: Socket, piece: string | Uint8Array): void {
  const go = () => {
    while (!socket.destroyed && socket.writable && socket.write(piece));
  };
  socket.on('drain', go);
  go();
}

/** Writes a piece every 20 ms, for ever. */
export function drip(socket: Socket, piece: string | Uint8Array): void {
  const timer = setInterval(() => socket.writable && socket.write(piece), 20);
  socket.once('close', () => clearInterval(timer));
}
