import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dumpOf, migrate } from '../support/migrate.js';
import { describeWithPostgres, type Postgres, query, startPostgres } from '../support/postgres.js';

const pgbouncer = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find((path) => existsSync(path));

if (pgbouncer === undefined) {
  describe.skip('through PgBouncer in transaction mode (it is not on this machine)', () => test('', () => {}));
} else {
  describeWithPostgres('through PgBouncer in transaction mode', () => {
    let postgres: Postgres;
    let pooled: (url: string) => string;
    let stop: () => Promise<void>;
    beforeAll(async () => {
      postgres = await startPostgres();
      ({ pooled, stop } = await startPooler(pgbouncer, postgres.url));
    });
    afterAll(async () => {
      await stop?.();
      await postgres.stop();
    });

    test('8 runners over 3 server connections: each step once, no error, and no lock or setting stays', async () => {
      for (let round = 0; round < 5; round++) {
        const url = await postgres.database();
        const runs = await Promise.all(
          Array.from({ length: 8 }, () => migrate(pooled(url), ['up', '--yes', '--lock-timeout', '60s'])),
        );
        expect(runs.map(({ code, err }) => ({ code, err: err.includes('lockstep:') ? err : '' }))).toEqual(
          Array(8).fill({ code: 0, err: '' }),
        );
        expect(await query(url, "select 1 from pg_locks where locktype = 'advisory'")).toEqual([]);
        // the next client that gets one of these sessions finds it as new
        const shown = "select current_setting('lock_timeout') as lock, current_setting('search_path') as path";
        expect(await query(pooled(url), shown)).toEqual([{ lock: '0', path: '"$user", public' }]);
        for (const verb of ['status', 'drift']) expect((await migrate(pooled(url), [verb])).code).toBe(0);
        expect((await migrate(pooled(url), ['down', '--to', '0001_user', '--yes'])).code).toBe(0);
        expect((await migrate(pooled(url), ['up', '--yes'])).code).toBe(0);
      }
    });

    test('a schema is given by --schema, since the pooler takes no options of the URL', async () => {
      const url = await postgres.database();
      await query(url, 'create schema auth');
      const options = `${pooled(url)}&options=-c%20search_path%3Dauth`;
      const refused = await migrate(options, ['status']);
      expect({ code: refused.code, err: refused.err }).toEqual({ code: 2, err: expect.stringContaining('--schema') });
      expect((await migrate(pooled(url), ['up', '--yes', '--schema', 'auth'])).code).toBe(0);
      expect(dumpOf(postgres, url)).toContain('CREATE TABLE auth.session');
      expect(dumpOf(postgres, url)).not.toContain('CREATE TABLE public.');
    });
  });
}

async function startPooler(program: string, url: string) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-pooler-'));
  const socket = new URL(url).searchParams.get('host') ?? '';
  const ini = join(folder, 'pgbouncer.ini');
  writeFileSync(
    ini,
    // no port of the machine: the number is a part of the socket's name. Whoever comes: the server is asked as postgres
    `[databases]\n* = host=${socket} user=postgres\n[pgbouncer]\nlisten_addr =\nlisten_port = 6432\nauth_type = any\nauth_file = ${join(folder, 'users')}\npool_mode = transaction\ndefault_pool_size = 3\nunix_socket_dir = ${folder}\n`,
  );
  writeFileSync(join(folder, 'users'), '"postgres" ""\n');
  const owner = process.getuid?.() === 0 ? ids() : null;
  if (owner !== null) for (const path of [folder, ini, join(folder, 'users')]) chownSync(path, owner.uid, owner.gid);
  const child = spawn(program, [ini], { stdio: 'ignore', ...(owner ?? {}) });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const pooled = (direct: string) =>
    `postgresql://postgres@localhost:6432${new URL(direct).pathname}?host=${encodeURIComponent(folder)}`;
  const stop = async () => {
    child.kill('SIGKILL');
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; ; tries++) {
    try {
      await query(pooled(url), 'select 1');
      return { pooled, stop };
    } catch (error) {
      if (child.exitCode !== null || tries > 400) {
        await stop();
        throw error;
      }
      await sleep(25);
    }
  }
}

function ids() {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
