import { type ChildProcess, fork } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { Secret } from '../../src/core/secret.js';
import type { FaultId } from '../../src/demo/faults.js';
import { signUp } from '../../src/demo/people.js';
import { holdPort } from '../../src/demo/port.js';
import type { Plan, Trust } from '../../src/demo/protocol.js';
import { Service } from '../../src/demo/service.js';
import { lazyOutside } from '../../src/io/outside.js';
import { realWorld } from '../../src/io/world.js';
import { main } from '../../src/main.js';
import type { World } from '../../src/world.js';
import { randomBytes } from '../support/chance.js';

type Env = Readonly<Record<string, string>>;

export interface Running {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** What a whole diagnosis said. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
  readonly json: any;
}

/** One database and two people, on which one deployment after the other is built. */
export class Ground {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'lockstep-drift-'));
  readonly #undo: (() => Promise<unknown> | unknown)[] = [() => rmSync(this.folder, { recursive: true, force: true })];
  readonly #world = realWorld();
  databaseUrl = '';
  /** the lines of the frontend's file beside the secret */
  rest = '';
  readonly people = new Map<string, { email: string; password: Secret }>();

  async start(): Promise<this> {
    const database = new Service('database', { folder: this.folder, planted: [] });
    this.#undo.push(() => database.stop());
    const { databaseUrl = '' } = await database.start(this.#plan('jwks'));
    this.databaseUrl = databaseUrl;
    return this;
  }

  async stop(): Promise<void> {
    for (const undo of this.#undo.toReversed()) await undo();
  }

  /** A file of the checkout, from its folder. */
  write(name: string, content: string | Uint8Array): string {
    const file = path.join(this.folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  }

  /** Only what the next deployment writes is there. */
  clear(): void {
    for (const name of ['frontend', 'backend', 'staging', '.env', 'trace.har', 'token.txt', 'cookie.txt'])
      rmSync(path.join(this.folder, name), { recursive: true, force: true });
  }

  async sql(statement: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.databaseUrl });
    await client.connect();
    try {
      return (await client.query(statement)).rows;
    } finally {
      await client.end();
    }
  }

  /** A port that is held until somebody is started on it. */
  async port() {
    return holdPort('drift', undefined);
  }

  /** The real Better Auth of the demo, on the files that lie there now. */
  async frontend(
    held: Awaited<ReturnType<typeof holdPort>>,
    trust: Trust,
    env: Env,
    faults: readonly FaultId[],
  ): Promise<Running> {
    const service = new Service('auth', { folder: this.folder, planted: faults, env });
    const stop = once(() => service.stop());
    this.#undo.push(stop);
    await service.start(this.#plan(trust), held.server);
    return { port: held.port, url: `http://localhost:${held.port}`, pid: service.pid, stop };
  }

  async backend(env: Env): Promise<Running> {
    const child = fork(path.join(import.meta.dirname, 'backend.mjs'), [], {
      env: { PATH: process.env.PATH ?? '', ...env },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const stop = once(() => ended(child));
    this.#undo.push(stop);
    const port = await new Promise<number>((resolve, reject) => {
      child.once('message', (message: { port: number }) => resolve(message.port));
      child.once('exit', (code) => reject(new Error(`the backend ended with ${code}`)));
    });
    return { port, url: `http://localhost:${port}`, pid: child.pid ?? 0, stop };
  }

  /** One address in front of several: every request goes to the next of them. */
  async roundRobin(...targets: readonly Running[]): Promise<Running> {
    let turn = 0;
    const server = createServer((incoming, outgoing) => {
      const target = targets[turn++ % targets.length] as Running;
      const { method, url, headers } = incoming;
      const onward = request({ host: '127.0.0.1', port: target.port, method, path: url, headers }, (reply) => {
        outgoing.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
        reply.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      incoming.pipe(onward);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const stop = once(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    this.#undo.push(stop);
    return { port, url: `http://localhost:${port}`, pid: 0, stop };
  }

  /** Another frontend with the same address and another secret, on a database where both of them work. */
  async twin({ url }: Running, secret: string): Promise<Running> {
    const held = await this.port();
    return this.frontend(held, 'jwks', { BETTER_AUTH_SECRET: secret, BETTER_AUTH_URL: url }, []);
  }

  /** Lets the backend fetch the keys. */
  async warm(frontend: Running, backend: Running): Promise<void> {
    const { token } = await this.signIn(frontend.url);
    const answer = await fetch(`${backend.url}/api/me`, { headers: { authorization: `Bearer ${token}` } });
    if (answer.status !== 200) throw new Error(`the backend answered ${answer.status} to a good token`);
  }

  /** Lets the frontend make a key, if it has none. */
  async touch({ url }: Running): Promise<void> {
    const { keys } = (await (await fetch(`${url}/api/auth/jwks`)).json()) as { keys: unknown[] };
    if (keys.length === 0) throw new Error('no key');
  }

  async signIn(url: string): Promise<{ cookie: string; token: string }> {
    const { email, password } = await this.person(url, 'a');
    const body = JSON.stringify({ email, password: password.reveal() });
    const headers = { 'content-type': 'application/json', origin: url };
    const answer = await fetch(`${url}/api/auth/sign-in/email`, { method: 'POST', headers, body });
    const cookie = answer.headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0])
      .join('; ');
    const { token } = (await (await fetch(`${url}/api/auth/token`, { headers: { cookie } })).json()) as {
      token: string;
    };
    return { cookie, token };
  }

  /** A session cookie as Better Auth would sign it with a secret. */
  cookieUnder(secret: string): string {
    const session = randomBytes(16).toString('hex');
    const signed = createHmac('sha256', secret).update(session).digest('base64');
    return `better-auth.session_token=${encodeURIComponent(`${session}.${signed}`)}`;
  }

  /** Signs somebody up, once for all deployments: passwords do not depend on the secret. */
  async person(origin: string, name: 'a' | 'b') {
    const known = this.people.get(name) ?? (await signUp(`${origin}/api/auth`, origin, name));
    this.people.set(name, known);
    return known;
  }

  /** The program itself, in this process. */
  async diagnose(args: readonly string[], env: Env): Promise<Said> {
    const printed = { out: '', err: '' };
    const sink = (name: 'out' | 'err') => ({
      write(text: string) {
        printed[name] += text;
      },
      isTTY: false,
      columns: 80,
      rows: 24,
    });
    const outside = lazyOutside(() => performance.now(), {});
    const world: World = {
      ...this.#world,
      ...outside,
      cwd: this.folder,
      env,
      stdout: sink('out'),
      stderr: sink('err'),
    };
    const code = await main(['diagnose', ...args], world);
    const json = args.includes('--json') && printed.out.startsWith('{') ? JSON.parse(printed.out) : undefined;
    return { code, ...printed, json };
  }

  #plan(trust: Trust): Plan {
    return {
      folder: this.folder,
      trust,
      socketAuth: 'query',
      databaseUrl: null,
      basePath: '/api/auth',
      replica: 0,
      edge: null,
      deleteUser: false,
      quickPasswords: false,
      endlessRefusals: false,
      python: null,
    };
  }
}

export function hex(): string {
  return randomBytes(32).toString('hex');
}

function once(act: () => Promise<unknown>): () => Promise<void> {
  let done: Promise<unknown> | undefined;
  return async () => {
    done ??= act();
    await done;
  };
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode !== null) return;
  child.disconnect();
  await gone;
}
