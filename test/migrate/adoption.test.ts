import { readdirSync, readFileSync } from 'node:fs';
import { getMigrations } from 'better-auth/db/migration';
import { jwt } from 'better-auth/plugins/jwt';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dumpInAnyOrder, dumpOf, migrate, rowsOf } from '../support/migrate.js';
import { describeWithPostgres, type Postgres, query, startPostgres } from '../support/postgres.js';

const folder = new URL('../auth-schema/fixtures/', import.meta.url);
const versions = readdirSync(folder).filter((name) => name.startsWith('better-auth-'));

describeWithPostgres('tables that somebody else made', () => {
  let postgres: Postgres;
  let fresh: string;
  let dump: string;
  beforeAll(async () => {
    postgres = await startPostgres();
    fresh = await postgres.database();
    expect((await migrate(fresh, ['up', '--yes', '--with', 'rateLimit'])).code).toBe(0);
    dump = dumpOf(postgres, fresh);
  });
  afterAll(() => postgres.stop());

  async function loaded(fixture: string): Promise<string> {
    const url = await postgres.database();
    await query(url, readFileSync(new URL(fixture, folder), 'utf8'));
    return url;
  }

  test('the fixtures span every change of the tables since 1.2', () => {
    expect(versions).toEqual(
      ['1.2.12', '1.3.34', '1.3.4', '1.4.22', '1.6.34', '1.7.1', '1.7.25', '1.7.7'].map((v) => `better-auth-${v}.sql`),
    );
  });

  test.each(versions)('%s comes to the dump of a fresh database and keeps every row', async (fixture) => {
    const url = await loaded(fixture);
    const before = await rowsOf(url);
    expect(Object.values(before).flat().length).toBeGreaterThan(8);
    expect((await migrate(url, ['status'])).code).toBe(4);
    expect((await migrate(url, ['plan'])).code).toBe(4);
    expect(await rowsOf(url), 'neither status nor plan writes').toEqual(before);

    const { code, err } = await migrate(url, ['up', '--yes', '--no-input']);
    expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining('lockstep:') });
    expect(dumpOf(postgres, url)).toBe(dump);
    expect(byId(await rowsOf(url))).toEqual(byId(before, atUtc));
    expect(await nothingLeftFor(url)).toEqual([]);
    expect((await migrate(url, ['status'])).out).toContain('adopted  0001_user');
    for (const verb of ['status', 'drift', 'up', 'repair']) expect((await migrate(url, [verb])).code, verb).toBe(0);
  });

  test.each(['alembic-quoted.sql', 'alembic-folded.sql'])(
    '%s comes to the same tables beside the application’s own, times read by its own clock',
    async (fixture) => {
      const url = await loaded(fixture);
      const before = await rowsOf(url);
      const { code, err } = await migrate(url, ['up', '--yes', '--timezone', 'Asia/Karachi', '--with', 'rateLimit']);
      expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('are read as Asia/Karachi\n') });
      const ours = (each: string) => !/alembic|conversations|messages|tasks|ix_user_email|user_email_key/.test(each);
      expect(dumpInAnyOrder(postgres, url).filter(ours)).toEqual(dumpInAnyOrder(postgres, fresh).filter(ours));
      expect((await migrate(url, ['drift'])).code).toBe(0);
      expect(await nothingLeftFor(url)).toEqual([]);
      const after = await rowsOf(url);
      for (const table of Object.keys(before)) expect(after[table]?.length, table).toBe(before[table]?.length);
      const [ada] = await query(
        url,
        `select extract(epoch from "createdAt")::text as at from "user" where id = 'u-ada'`,
      );
      // 03:04:05.678 in Karachi is 22:04:05.678 of the day before in UTC
      expect(ada?.at).toBe(String(Date.parse('2026-01-01T22:04:05.678Z') / 1000).padEnd(17, '0'));
      expect((await migrate(url, ['status', '--json'])).out).toContain('"tasks"');
    },
  );

  test.each([
    [
      'two sessions with one token',
      `insert into session select 's-2', "userId", token, "expiresAt" from session`,
      'session',
      ['s-1', 's-2'],
    ],
    [
      'an account of nobody',
      `alter table account drop constraint "account_userId_fkey"; update account set "userId" = 'gone' where id = 'a-2'`,
      'account',
      ['a-2'],
    ],
    ['an empty time that is required', `update verification set "createdAt" = null`, 'verification', ['v-1']],
  ])('with %s nothing runs: the rows are counted and named', async (_, sql, table, ids) => {
    const url = await loaded('alembic-quoted.sql');
    await query(url, sql);
    const [dump, rows] = [dumpOf(postgres, url), await rowsOf(url)];
    for (const verb of ['plan', 'up']) {
      const { code, out } = await migrate(
        url,
        [verb, '--yes', '--json'].filter((flag) => verb === 'up' || flag !== '--yes'),
      );
      expect(code).toBe(5);
      expect(JSON.parse(out).plan.blocked).toEqual([{ table, problem: expect.any(String), count: ids.length, ids }]);
      expect(out, 'no personal data').not.toMatch(/ada@|token-1/);
    }
    expect([dumpOf(postgres, url), await rowsOf(url)]).toEqual([dump, rows]);
  });

  test('what was adopted is not dropped unless told so', async () => {
    const url = await loaded('better-auth-1.7.25.sql');
    await migrate(url, ['up', '--yes']);
    await query(url, 'delete from "user"; delete from verification; delete from jwks; delete from "rateLimit"');
    const { code, out } = await migrate(url, ['down', '--yes']);
    expect({ code, out }).toEqual({ code: 5, out: expect.stringContaining('table session was there before lockstep') });
    expect(dumpOf(postgres, url)).toBe(dump);
    expect((await migrate(url, ['down', '--yes', '--lose-rows'])).code).toBe(0);
    expect(await rowsOf(url)).toEqual({});
  });

  test('a time zone that does not exist is a mistake, before anything runs', async () => {
    const url = await loaded('alembic-quoted.sql');
    const { code, err } = await migrate(url, ['up', '--yes', '--timezone', 'Mars/Olympus']);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('no such time zone') });
    expect((await migrate(url, ['status'])).code).toBe(4);
  });

  test('tables in snake_case are recognised as such, not doubled', async () => {
    const url = await postgres.database();
    await migrate(url, ['up', '--yes', '--field-names', 'snake', '--id-type', 'uuid']);
    await query(url, 'drop table lockstep_migration; alter table session drop column user_agent');
    const { code } = await migrate(url, ['up', '--yes']);
    expect(code).toBe(0);
    const { plan } = JSON.parse((await migrate(url, ['repair', '--yes', '--json'])).out);
    expect(plan).toBeUndefined();
    const columns = await query(
      url,
      "select column_name as name from information_schema.columns where table_name = 'session'",
    );
    expect(columns.map(({ name }) => name)).toContain('user_agent');
    expect(columns).toHaveLength(8);
  });

  async function nothingLeftFor(url: string): Promise<unknown[]> {
    const pool = new pg.Pool({ connectionString: url });
    pool.on('error', () => {});
    try {
      const plan = await getMigrations({
        database: pool,
        emailAndPassword: { enabled: true },
        rateLimit: { storage: 'database' },
        plugins: [jwt()],
      });
      const { toBeCreated, toBeAdded, toBeAddedIndexes, unsafeChanges, schemaProblems } = plan;
      return [...toBeCreated, ...toBeAdded, ...toBeAddedIndexes, ...unsafeChanges, ...schemaProblems];
    } finally {
      await pool.end();
    }
  }
});

type Row = Record<string, unknown>;

/** What must not change in a row: everything but columns that came or went. */
function byId(tables: Record<string, string[]>, as: (value: unknown) => unknown = (value) => value): Row[] {
  const changing = ['issuer', 'alg', 'crv'];
  return Object.entries(tables)
    .flatMap(([table, rows]) =>
      rows.map((row) => {
        const kept = Object.entries(JSON.parse(row) as Row).filter(
          ([name]) => !changing.includes(name) && !(table === 'jwks' && name === 'expiresAt'),
        );
        return { table, ...Object.fromEntries(kept.map(([name, value]) => [name, as(value)])) };
      }),
    )
    .sort((a, b) => JSON.stringify([a.table, (a as Row).id]).localeCompare(JSON.stringify([b.table, (b as Row).id])));
}

/** A time without a zone, as it reads once it is known to be of UTC. */
function atUtc(value: unknown): unknown {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+$/.test(value) ? `${value}+00:00` : value;
}
