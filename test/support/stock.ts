import { execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { Postgres } from './postgres.js';
import { startPostgres } from './postgres.js';

const folder = path.resolve(import.meta.dirname, '../stock');
const python = '/usr/bin/python3';

/** A program of `test/stock/`, as its author would start it, and where it listens. */
export interface Program {
  readonly url: string;
  stop(): Promise<void>;
}

/** Whether Debian's FastAPI is here, of which the second backend is made. */
export const hasFastApi = canImport('fastapi, uvicorn, jwt.algorithms, cryptography');

export interface StockAuth {
  readonly url: string;
  /** of its database */
  readonly database: string;
  api(): Promise<Program>;
  fastApi(): Promise<Program>;
}

export const password = 'the-password-of-the-stock-users';

/**
 * An application that knows nothing of lockstep, for the tests of a file: Better Auth as its README has it, users ada
 * and bob, a PostgreSQL of its own. With the admin plugin the users are ada and root, an administrator.
 */
export function useStockAuth(plugins: { readonly admin?: 'on' } = {}): StockAuth {
  const running: { stop(): Promise<void> }[] = [];
  let url = '';
  let database = '';
  const started = async (program: Promise<Program>) => {
    running.unshift(await program);
    return program;
  };
  beforeAll(async () => {
    const postgres: Postgres = await startPostgres();
    running.push(postgres);
    database = postgres.url;
    const env = { DATABASE_URL: postgres.url, BETTER_AUTH_SECRET: 'a-secret-that-only-this-one-application-has' };
    ({ url } = await started(
      start(process.execPath, ['auth.js'], { ...env, PASSWORD: password, ADMIN: plugins.admin ?? '' }),
    ));
  });
  afterAll(async () => {
    for (const each of running) await each.stop();
  });
  return {
    get url() {
      return url;
    },
    get database() {
      return database;
    },
    api: () => started(start(process.execPath, ['api.js'], { AUTH_URL: url })),
    fastApi: () => started(start(python, ['-B', '-m', 'uvicorn', 'api:app', '--port', '0'], { AUTH_URL: url })),
  };
}

async function start(command: string, args: string[], env: Record<string, string>): Promise<Program> {
  const child = spawn(command, args, {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const [found] = /http:\/\/[\w.]+:\d+/.exec(said) ?? [];
        if (found !== undefined) resolve(found);
      });
    }
    void ended.then(() => reject(new Error(`${args.join(' ')} ended: ${said}`)));
  });
  return {
    url,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function canImport(modules: string): boolean {
  try {
    execFileSync(python, ['-I', '-c', `import ${modules}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
