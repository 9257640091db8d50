import { fork } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../src/core/secret.js';
import type { Demo } from '../../src/demo/contract.js';
import { startDemo } from '../../src/demo/demo.js';
import { describeWithPostgres, type Postgres, query, startPostgres } from '../support/postgres.js';
import { ask, originOf, signIn } from '../support/raw-demo.js';

// a temporary folder of this file's own: whatever is left in it was left by these demos
const elsewhere = process.env.TMPDIR;
const place = join(tmpdir(), 'lockstep-life');
beforeAll(() => {
  mkdirSync(place);
  process.env.TMPDIR = place;
});
afterAll(() => {
  if (elsewhere === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = elsewhere;
  expect(readdirSync(place)).toEqual([]);
  rmSync(place, { recursive: true });
});

const plain = { trust: 'jwks', socketAuth: 'query', faults: [] } as const;

describe('a running demo', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await startDemo({ ...plain });
  });
  afterAll(() => demo?.stop());

  test('keeps its env files to its owner, with one secret in both', () => {
    expect(statSync(demo.folder).mode & 0o777).toBe(0o700);
    const files = ['frontend/.env.local', 'backend/.env'].map((name) => join(demo.folder, name));
    expect(files.map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
    const [front, back] = files.map((file) =>
      Object.fromEntries(
        readFileSync(file, 'utf8')
          .trim()
          .split('\n')
          .map((line) => line.split(/=(.*)/s)),
      ),
    );
    expect(Object.keys(front ?? {})).toEqual([
      'DATABASE_URL',
      'BETTER_AUTH_SECRET',
      'BETTER_AUTH_URL',
      'NEXT_PUBLIC_API_URL',
      'NEXT_PUBLIC_BETTER_AUTH_URL',
    ]);
    expect(Object.keys(back ?? {})).toEqual([
      'DATABASE_URL',
      'BETTER_AUTH_SECRET',
      'BETTER_AUTH_URL',
      'ENVIRONMENT',
      'CORS_ORIGINS',
    ]);
    expect(front?.BETTER_AUTH_SECRET).toMatch(/^[0-9a-f]{64}$/);
    expect(back?.BETTER_AUTH_SECRET).toBe(front?.BETTER_AUTH_SECRET);
  });

  test('hands out its settings without a password in them', () => {
    const text = JSON.stringify(demo.config);
    expect(text).toContain('env:LOCKSTEP_A_PASSWORD');
    for (const user of Object.values(demo.users)) expect(text).not.toContain(user.password.reveal());
    expect(demo.config).toMatchObject({
      targets: { local: { auth: demo.auth, api: demo.api, routes: { socket: { url: demo.socket } } } },
    });
  });

  test('has its users, their rows and its history in the database that it names', async () => {
    const users = await query(demo.database.reveal(), 'select email from "user" order by email');
    expect(users.map((row) => row.email)).toEqual([demo.users.a.email, demo.users.b.email].sort());
    expect(await query(demo.database.reveal(), 'select name from lockstep_migration')).toHaveLength(6);
  });

  test.runIf(existsSync('/proc/self/status'))('keeps its database process small, also after work', async () => {
    const a = await signIn(demo, 'a');
    for (let n = 0; n < 30; n++) await a.api('POST', '/api/tasks', { title: `task ${n}` });
    const status = readFileSync(`/proc/${demo.services.database?.pid}/status`, 'utf8');
    const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
    expect(peak).toBeGreaterThan(20);
    expect(peak).toBeLessThan(320);
  });

  test('serves a page that says where it may connect to', async () => {
    const page = await ask('GET', demo.page);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain(
      `connect-src 'self' ${demo.api} ${new URL(demo.socket).origin}`,
    );
    const settings =
      /<script nonce="[^"]+" type="application\/json" id="settings">(.*)<\/script>/.exec(page.text)?.[1] ?? '';
    expect(JSON.parse(settings)).toEqual({
      api: demo.api,
      basePath: '/api/auth',
      socketAuth: 'query',
      socket: demo.socket,
    });
    expect(page.text).not.toContain('{{');
  });
});

test('the environment of the caller does not reach the deployment', async () => {
  const leaks = {
    BETTER_AUTH_SECRET: 'leaked',
    BETTER_AUTH_URL: 'http://leaked.invalid',
    DATABASE_URL: 'postgresql://leaked.invalid/x',
    PGHOST: 'leaked.invalid',
    TEST: '1',
    NODE_ENV: 'production',
  };
  const before = { ...process.env };
  Object.assign(process.env, leaks);
  try {
    const demo = await startDemo({ ...plain });
    try {
      const a = await signIn(demo, 'a');
      expect((await a.api('GET', '/api/me')).status).toBe(200);
      // TEST=1 would turn the origin check off
      const foreign = await ask('POST', `${demo.auth}/sign-out`, {
        body: {},
        headers: { cookie: a.cookie, origin: 'https://evil.invalid' },
      });
      expect(foreign.status).toBe(403);
    } finally {
      await demo.stop();
    }
  } finally {
    for (const name of Object.keys(leaks)) delete process.env[name];
    Object.assign(process.env, before);
  }
});

describe('the end of a demo', () => {
  test('leaves no process, no file and no open port, and can be asked for twice', async () => {
    const demo = await startDemo({ ...plain });
    const pids = pidsOf(demo);
    expect(pids.map(alive)).toEqual([true, true, true]);
    await Promise.all([demo.stop(), demo.stop()]);
    expect(pids.map(alive)).toEqual([false, false, false]);
    expect(existsSync(demo.folder)).toBe(false);
    await expect(fetch(`${demo.api}/health`)).rejects.toThrow();
  });

  test('comes with the abort of its signal, running or starting', async () => {
    const running = new AbortController();
    const demo = await startDemo({ ...plain, signal: running.signal });
    running.abort();
    await demo.stop();
    expect(pidsOf(demo).map(alive)).toEqual([false, false, false]);

    const before = folders();
    const starting = new AbortController();
    const started = startDemo({
      ...plain,
      signal: starting.signal,
      progress: () => starting.abort(new Error('enough')),
    });
    await expect(started).rejects.toThrow('enough');
    expect(folders()).toEqual(before);
  });

  test('can be that of one service, and the others live on', async () => {
    const demo = await startDemo({ ...plain });
    try {
      await demo.services.api?.stop();
      await expect(fetch(`${demo.api}/health`)).rejects.toThrow();
      expect((await ask('GET', `${demo.auth}/ok`)).status).toBe(200);
      await demo.services.database?.stop();
      expect(
        (
          await ask('POST', `${demo.auth}/sign-in/email`, {
            body: { email: demo.users.a.email, password: 'x' },
            headers: { origin: originOf(demo) },
          })
        ).status,
      ).toBe(500);
      expect((await ask('GET', new URL('/health', demo.page).href)).status).toBe(200);
      expect(existsSync(demo.folder)).toBe(true);
    } finally {
      await demo.stop();
    }
    expect(existsSync(demo.folder)).toBe(false);
  });

  test.each([
    ['SIGKILL', 'the parent'],
    ['SIGTERM', 'the parent'],
    ['SIGKILL', 'the group of the parent'],
    ['SIGTERM', 'the group of the parent'],
    ['SIGINT', 'the group of the parent'],
  ] as const)('comes with %s to %s', async (signal, whom) => {
    const child = await parent(null);
    expect(child.pids.map(alive)).toEqual([true, true, true]);
    process.kill(whom === 'the parent' ? child.pid : -child.pid, signal);
    await until(() => child.pids.every((pid) => !alive(pid)) && !existsSync(child.folder));
  });
});

describe('a demo that cannot start', () => {
  test('names the port that is taken, and leaves nothing', async () => {
    const before = folders();
    const neighbour = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => neighbour.once('listening', resolve));
    const { port } = neighbour.address() as { port: number };
    try {
      await expect(startDemo({ ...plain, port: { api: port } })).rejects.toMatchObject({
        code: 'port-taken',
        exit: 3,
        message: `port ${port} for the API is taken`,
      });
      await expect(startDemo({ ...plain, port: { auth: port } })).rejects.toMatchObject({
        message: `port ${port} for the auth server is taken`,
      });
    } finally {
      neighbour.close();
    }
    expect(folders()).toEqual(before);
  });

  test('uses the port that was asked for', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => probe.once('listening', resolve));
    const { port } = probe.address() as { port: number };
    await new Promise((resolve) => probe.close(resolve));
    const demo = await startDemo({ ...plain, port: { auth: port } });
    await demo.stop();
    expect(demo.auth).toBe(`http://localhost:${port}/api/auth`);
  });

  test('refuses a fault that could not show', async () => {
    await expect(startDemo({ ...plain, trust: 'shared-secret', faults: ['F033'] })).rejects.toMatchObject({
      code: 'usage',
      exit: 2,
    });
  });

  test('says so when the given database does not answer, without its password', async () => {
    const before = folders();
    const databaseUrl = new Secret('postgresql://someone:hunter2@127.0.0.1:1/nothing');
    const failure = await startDemo({ ...plain, databaseUrl }).catch((error: Error) => error);
    expect(failure).toMatchObject({ code: 'demo-not-started', exit: 3 });
    expect(String((failure as Error).message)).not.toContain('hunter2');
    expect(folders()).toEqual(before);
  });
});

describeWithPostgres('a demo in a given PostgreSQL', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres?.stop());

  test('works in a schema of its own, touches nothing else and drops it', async () => {
    const url = await postgres.database();
    await query(
      url,
      'create table "user" (id int); insert into "user" values (7); create table lockstep_migration (name text)',
    );
    const dump = () => postgres.run('pg_dump', url, '--inserts', '--restrict-key=x').replaceAll(/^--.*$/gm, '');
    const before = dump();
    const demo = await startDemo({ ...plain, trust: 'shared-secret', databaseUrl: new Secret(url) });
    try {
      const a = await signIn(demo, 'a');
      expect((await a.api('POST', '/api/tasks', { title: 'kept' })).status).toBe(201);
      expect(await query(demo.database.reveal(), 'select title from task')).toEqual([{ title: 'kept' }]);
      expect(await schemas(url)).toHaveLength(1);
      expect(demo.services.database).toBeUndefined();
    } finally {
      await demo.stop();
    }
    expect(await schemas(url)).toEqual([]);
    expect(dump()).toBe(before);
  });

  test('drops it when the parent was killed, too', async () => {
    const url = await postgres.database();
    const child = await parent(url);
    expect(await schemas(url)).toHaveLength(1);
    process.kill(child.pid, 'SIGKILL');
    await until(async () => (await schemas(url)).length === 0);
    await until(() => !existsSync(child.folder));
  });
});

const schemas = (url: string) => query(url, "select nspname from pg_namespace where nspname like 'lockstep%'");

function pidsOf(demo: Demo): number[] {
  return [demo.services.auth, demo.services.api, demo.services.database].map((service) => service?.pid ?? 0);
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function folders(): string[] {
  return readdirSync(place).filter((name) => name.startsWith('lockstep-demo-'));
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await holds()) return;
    await sleep(20);
  }
  expect.fail('did not come to hold within 10 s');
}

const script = join(import.meta.dirname, '..', '..', 'dist', `parent-${process.pid}.js`);
let built: Promise<void> | undefined;
afterAll(() => rmSync(script, { force: true }));

async function build(): Promise<void> {
  const bundle = await rolldown({
    input: join(import.meta.dirname, '..', 'support', 'demo-parent.ts'),
    platform: 'node',
    external: /^[^./]/,
  });
  await bundle.write({ file: script, format: 'esm' });
}

/** A process that starts a demo, as the program does, and handles no signal; it leads a group of its own. */
async function parent(databaseUrl: string | null): Promise<{ pid: number; pids: number[]; folder: string }> {
  built ??= build();
  await built;
  const child = fork(script, databaseUrl === null ? [] : [databaseUrl], { execArgv: [], detached: true });
  const { pids, folder } = await new Promise<{ pids: number[]; folder: string }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { pids: number[]; folder: string }));
    child.once('exit', () => reject(new Error('the parent ended before its demo was ready')));
  });
  return { pid: child.pid ?? 0, pids, folder };
}
