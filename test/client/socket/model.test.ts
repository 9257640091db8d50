import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type AuthClient, type AuthSocket, createAuthClient, wsPort } from '../../../src/client/index.js';
import fc from '../../support/fast-check.js';
import { cases, patience } from '../../support/seed.js';

/** What the server does to whoever knocks. */
type Mode = 'ok' | '401' | '503' | '404' | 'close-4401' | 'close-1000' | 'no-ack' | 'reset';

/** A real WebSocket server that behaves as badly as it is told to. */
class Adversary {
  mode: Mode = 'ok';
  handshakes = 0;
  /** the most connections that it had at one time */
  most = 0;
  readonly tokens: (string | null)[] = [];
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });

  constructor() {
    this.#http = createServer();
    this.#http.on('upgrade', (request, stream, head) => {
      this.handshakes++;
      this.tokens.push(new URL(request.url ?? '', 'ws://x').searchParams.get('token'));
      if (this.mode === 'reset') return stream.destroy();
      if (/^\d/.test(this.mode)) return stream.end(`HTTP/1.1 ${this.mode} No\r\nConnection: close\r\n\r\n`);
      this.#sockets.handleUpgrade(request, stream, head, (socket) => {
        this.most = Math.max(this.most, this.open);
        if (this.mode === 'ok') socket.send('welcome');
        if (this.mode === 'close-4401') socket.close(4401);
        if (this.mode === 'close-1000') socket.close(1000);
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((listening) => this.#http.listen(0, '127.0.0.1', listening));
    return `ws://127.0.0.1:${(this.#http.address() as AddressInfo).port}/ws`;
  }

  get open(): number {
    return [...this.#sockets.clients].filter(({ readyState }) => readyState === WebSocket.OPEN).length;
  }

  send(text: string): void {
    for (const socket of this.#sockets.clients) socket.send(text);
  }

  close(code: number): void {
    for (const socket of this.#sockets.clients) socket.close(code);
  }

  cut(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((closed) => {
      this.#http.close(closed);
      this.#http.closeAllConnections();
    });
  }
}

/** What ought to be, in a few lines: no sockets, no timers, no races. */
interface Model {
  signedIn: boolean;
  mode: Mode;
  phase: 'none' | 'idle' | 'live' | 'auth-failed' | 'failed' | 'closed';
  messages: string[];
}

interface Real {
  readonly server: Adversary;
  readonly client: AuthClient;
  readonly url: string;
  socket: AuthSocket | null;
  readonly messages: string[];
  refreshes: number;
}

/** How a connection ends up against a server in this mode, with credentials that nobody can complain about. */
function endOf(mode: Mode): Model['phase'] {
  if (mode === 'ok') return 'live';
  if (mode === '404') return 'failed';
  // tried to the end: a network does not get better here
  if (mode === '503' || mode === 'reset' || mode === 'no-ack') return 'failed';
  return 'auth-failed';
}

const stable = ['idle', 'live', 'auth-failed', 'failed', 'closed'];

async function until(condition: () => boolean, what: () => string): Promise<void> {
  for (let patience = 0; patience < 2_000; patience++) {
    if (condition()) return;
    await new Promise((wait) => setTimeout(wait, 5));
  }
  throw new Error(`never: ${what()}`);
}

/** Phases that were reached, by the mode of the server: a test of nothing would agree with any model. */
const reached = new Map<string, number>();

/** Waits until nothing moves any more, then compares. */
async function compare(model: Model, real: Real): Promise<void> {
  const phase = () => real.socket?.status.phase ?? 'none';
  await until(
    () => (phase() === 'none' || stable.includes(phase())) && phase() === model.phase,
    () => `${model.phase} expected, is ${JSON.stringify(real.socket?.status)}`,
  );
  const open = model.phase === 'live' ? 1 : 0;
  await until(
    () => real.server.open === open,
    () => `${open} open at the server, there are ${real.server.open}`,
  );
  await until(
    () => real.messages.length >= model.messages.length,
    () => `messages ${model.messages}, got ${real.messages}`,
  );
  expect(real.messages).toEqual(model.messages);
  reached.set(model.phase, (reached.get(model.phase) ?? 0) + 1);
  expect(real.server.most).toBeLessThanOrEqual(1);
  for (const token of real.server.tokens) expect(token).toMatch(/^(in|re)-\d+$/);
}

type Command = fc.AsyncCommand<Model, Real>;

const command = (
  name: string,
  check: (model: Model) => boolean,
  run: (model: Model, real: Real) => void | Promise<void>,
): Command => ({
  check,
  async run(model, real) {
    await run(model, real);
    await compare(model, real);
  },
  toString: () => name,
});

let signIns = 0;
const always = () => true;

const signIn = command('sign in', always, (model, { client }) => {
  client.signIn(`in-${++signIns}`);
  model.signedIn = true;
  if (model.phase !== 'none' && !['auth-failed', 'failed'].includes(model.phase)) model.phase = 'closed';
});

const signOut = command('sign out', always, async (model, { client }) => {
  await client.signOut();
  model.signedIn = false;
  if (model.phase !== 'none' && !['auth-failed', 'failed'].includes(model.phase)) model.phase = 'closed';
});

const acquire = command(
  'acquire',
  ({ signedIn, phase }) => signedIn && phase !== 'live',
  (model, real) => {
    real.socket?.release();
    real.socket = real.client.socket(real.url, {
      auth: { mode: 'query' },
      port: wsPort(WebSocket),
      ack: (data) => data === 'welcome',
      policy: { backoff: { base: 2, cap: 8 }, maxAttempts: 4 },
      limits: { ack: 30, close: 200, linger: 0 },
    });
    real.socket.onMessage((data) => real.messages.push(String(data)));
    model.phase = endOf(model.mode);
  },
);

const modes: Mode[] = ['ok', '401', '503', '404', 'close-4401', 'close-1000', 'no-ack', 'reset'];
const behave = (mode: Mode) =>
  command(`server ${mode}`, always, (model, { server }) => {
    server.mode = mode;
    model.mode = mode;
  });

let sent = 0;
const message = command(
  'message',
  ({ phase }) => phase === 'live',
  (model, { server }) => {
    const text = `message ${++sent}`;
    server.send(text);
    model.messages.push(text);
  },
);

const lose = (what: string, happen: (server: Adversary) => void, after: (model: Model) => Model['phase']) =>
  command(
    what,
    ({ phase }) => phase === 'live',
    async (model, { server }) => {
      const before = server.handshakes;
      happen(server);
      model.phase = after(model);
      if (model.phase !== 'idle')
        await until(
          () => server.handshakes > before,
          () => `another handshake after ${what}`,
        );
    },
  );

const commands = [
  fc.constant(signIn),
  fc.constant(signOut),
  fc.constant(acquire),
  fc.constant(acquire),
  fc.constant(acquire),
  fc.constantFrom(...modes).map(behave),
  fc.constant(behave('ok')),
  fc.constant(message),
  fc.constant(
    lose(
      'the server closes 1000',
      (server) => server.close(1000),
      () => 'idle',
    ),
  ),
  fc.constant(
    lose(
      'the server closes 1012',
      (server) => server.close(1012),
      ({ mode }) => endOf(mode),
    ),
  ),
  fc.constant(
    lose(
      'the server closes 4401',
      (server) => server.close(4401),
      ({ mode }) => endOf(mode),
    ),
  ),
  fc.constant(
    lose(
      'the line is cut',
      (server) => server.cut(),
      ({ mode }) => endOf(mode),
    ),
  ),
];

describe('the driver against a real server', () => {
  it(
    'is where a model of a few lines says, after any commands',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.commands(commands, { maxCommands: 40, size: 'max' }), async (script) => {
          const server = new Adversary();
          const url = await server.listen();
          let refreshes = 0;
          const client = createAuthClient({
            refresh: async () => `re-${++refreshes}`,
            // no storm guard between two commands
            policy: { fresh: 0, breaker: 0 },
          });
          const real: Real = { server, client, url, socket: null, messages: [], refreshes };
          try {
            await fc.asyncModelRun(
              () => ({
                model: { signedIn: false, mode: 'ok', phase: 'none', messages: [] } satisfies Model as Model,
                real,
              }),
              [signIn, ...script],
            );
          } finally {
            await client.signOut();
            await server.stop();
          }
        }),
        { numRuns: cases(60) },
      );
      for (const phase of ['idle', 'live', 'auth-failed', 'failed', 'closed'])
        expect(reached.get(phase) ?? 0, `hardly ever ${phase}`).toBeGreaterThan(10);
    },
    patience,
  );
});
