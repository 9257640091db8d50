import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { describe } from 'vitest';

/** A PostgreSQL of its own for a test, in a temporary folder, reached by a unix socket in it. */
export interface Postgres {
  /** as the superuser `postgres`, database `postgres` */
  readonly url: string;
  /** an empty database, or a copy of one that nobody is connected to, by its URL */
  database(template?: string): Promise<string>;
  /** as if the power failed: every process of the server ends at once; resolves when it is up again */
  crash(): Promise<void>;
  /** runs one of its programs (`pg_dump`, `psql`) against a database, resolves to what it prints */
  run(program: string, url: string, ...args: string[]): string;
  /** leaves no process and no file */
  stop(): Promise<void>;
}

/** The newest PostgreSQL server programs on this machine, or null. `LOCKSTEP_TEST_POSTGRES_BIN` names others. */
const programs = findPrograms();

export const hasPostgres = programs !== null;

/** A group of tests that need a real PostgreSQL; skipped, and counted as skipped, only where there is none. */
export function describeWithPostgres(name: string, tests: () => void): void {
  if (programs !== null) describe(name, tests);
  else describe.skip(`${name} (no PostgreSQL server programs on this machine)`, tests);
}

/** Initialises and starts a server. It takes nothing from the environment and no port. */
export async function startPostgres(): Promise<Postgres> {
  if (programs === null) throw new Error('no PostgreSQL server programs on this machine');
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-pg-'));
  const owner = ordinaryUser();
  if (owner !== null) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' };
  const as = { cwd: folder, env, stdio: 'ignore' as const, ...(owner ?? {}) };
  const programFolder = programs;
  const launch = () =>
    spawn(join(programFolder, 'postgres'), ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-F'], as);
  let server: ChildProcess;
  try {
    execFileSync(
      join(programs, 'initdb'),
      ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
      as,
    );
    server = launch();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const end = async (signal: NodeJS.Signals, patience = 60_000) => {
    const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill(signal);
    await Promise.race([gone, sleep(patience, undefined, { ref: false })]);
  };
  const lastResort = () => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', lastResort);

  const urlOf = (database: string) => `postgresql://postgres@localhost/${database}?host=${encodeURIComponent(folder)}`;
  const url = urlOf('postgres');
  let made = 0;
  const stop = async () => {
    process.off('exit', lastResort);
    // lets connections that say goodbye just now do so, then waits for nobody
    await end('SIGTERM', 2_000);
    await end('SIGINT');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await answers(url, server);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    stop,
    async database(template) {
      const name = `test_${++made}`;
      const from = template === undefined ? '' : ` template ${new URL(template).pathname.slice(1)}`;
      await query(url, `create database ${name}${from}`);
      return urlOf(name);
    },
    async crash() {
      await end('SIGQUIT');
      server = launch();
      await answers(url, server);
    },
    run: (program, target, ...args) =>
      execFileSync(
        join(programs, program),
        ['-h', folder, '-U', 'postgres', '-d', new URL(target).pathname.slice(1), ...args],
        {
          env,
          encoding: 'utf8',
        },
      ),
  };
}

/** One statement on a connection of its own; resolves to the rows. */
export async function query(url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await query(url, 'select 1');
      return;
    } catch (error) {
      if (server.exitCode !== null || tries > 1_000) throw error;
      await sleep(20);
    }
  }
}

function findPrograms(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const candidates = [
    process.env.LOCKSTEP_TEST_POSTGRES_BIN ?? '',
    ...versions.map((version) => join(debian, version, 'bin')),
    '/opt/homebrew/bin',
    '/usr/local/bin',
    '/usr/bin',
  ];
  return candidates.find((folder) => folder !== '' && existsSync(join(folder, 'initdb'))) ?? null;
}

/** PostgreSQL refuses to run as root: then it runs as `nobody`. */
function ordinaryUser(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
