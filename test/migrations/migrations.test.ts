import { readdirSync } from 'node:fs';
import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { jwt } from 'better-auth/plugins/jwt';
import { Kysely, Migrator, NO_MIGRATIONS, PostgresDialect } from 'kysely';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { history, migrations, stepsFor } from '../../migrations/index.js';
import { optionalSets, standardLayout } from '../../migrations/layout.js';
import { openPool } from '../../src/demo/pool.js';
import { dumpOf } from '../support/migrate.js';
import { describeWithPostgres, type Postgres, query, startPostgres } from '../support/postgres.js';

const steps = ['0001_user', '0002_session', '0003_account', '0004_verification', '0005_jwks', '0006_indexes'];

test('every step has a file, a way up and a way down, and the list leaves none out', () => {
  const files = readdirSync(new URL('../../migrations', import.meta.url)).filter((name) => /^\d/.test(name));
  const all = stepsFor(standardLayout, optionalSets);
  expect(Object.keys(migrations)).toEqual(steps);
  expect(files.sort()).toEqual(Object.keys(all).map((name) => `${name}.ts`));
  for (const step of Object.values(all)) expect([typeof step.up, typeof step.down]).toEqual(['function', 'function']);
});

describeWithPostgres('the migrations on PostgreSQL', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres?.stop());

  test('make what the migrator of Better Auth makes, to the last byte of a dump', async () => {
    const [ours, theirs] = [await postgres.database(), await postgres.database()];
    await withKysely(ours, (db) => up(db));
    await withPool(theirs, async (database) => (await getMigrations(options(database))).runMigrations());

    const dump = (url: string) => dumpOf(postgres, url);
    expect(dump(ours)).toBe(dump(theirs));
    expect(dump(ours)).toContain('CREATE INDEX "session_userId_idx" ON public.session USING btree ("userId");');
  });

  test('leave Better Auth nothing to create, to add or to complain about', async () => {
    const url = await postgres.database();
    await withKysely(url, (db) => up(db));
    await withPool(url, async (database) => {
      const plan = await getMigrations(options(database));
      expect(plan.toBeCreated).toEqual([]);
      expect(plan.toBeAdded).toEqual([]);
      expect(plan.toBeAddedIndexes).toEqual([]);
      expect(plan.unsafeChanges).toEqual([]);
      expect(plan.schemaProblems).toEqual([]);
      // its check at run time, too: any mismatch makes every endpoint throw
      const auth = betterAuth({ ...options(database), secret: 'x'.repeat(40), baseURL: 'http://localhost:1' });
      expect((await auth.handler(new Request('http://localhost:1/api/auth/ok'))).status).toBe(200);
    });
  });

  test.each(steps.slice(0, -2))('without what comes after %s, Better Auth has something to add', async (last) => {
    const url = await postgres.database();
    await withKysely(url, (db) => up(db, last));
    await withPool(url, async (database) => {
      const plan = await getMigrations(options(database));
      expect([...plan.toBeCreated, ...plan.toBeAdded, ...plan.toBeAddedIndexes]).not.toEqual([]);
    });
  });

  test('without the indexes differ in the dump, which Better Auth itself never notices', async () => {
    const [without, whole] = [await postgres.database(), await postgres.database()];
    await withKysely(without, (db) => up(db, '0005_jwks'));
    await withKysely(whole, (db) => up(db));
    await withPool(without, async (database) => {
      expect((await getMigrations(options(database))).toBeAddedIndexes).toEqual([]);
    });
    const indexes = (url: string) => postgres.run('pg_dump', url, '-s').match(/CREATE INDEX/g)?.length ?? 0;
    expect([indexes(without), indexes(whole)]).toEqual([0, 3]);
  });

  test('go down to an empty schema and up again', async () => {
    const url = await postgres.database();
    const tables = async () =>
      (await query(url, "select tablename from pg_tables where schemaname = 'public' order by 1")).map(
        (row) => row.tablename,
      );
    await withKysely(url, async (db) => {
      await up(db);
      const whole = await tables();
      const { error } = await migratorOf(db).migrateTo(NO_MIGRATIONS);
      expect(error).toBeUndefined();
      expect(await tables()).toEqual([history.migrationTableName, history.migrationLockTableName]);
      await up(db);
      expect(await tables()).toEqual(whole);
      expect(whole).toHaveLength(7);
    });
  });
});

function options(database: pg.Pool) {
  return { database, emailAndPassword: { enabled: true }, plugins: [jwt()] } satisfies BetterAuthOptions;
}

function migratorOf(db: Kysely<unknown>): Migrator {
  return new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) }, ...history });
}

async function up(db: Kysely<unknown>, last?: string): Promise<void> {
  const migrator = migratorOf(db);
  const { error } = last === undefined ? await migrator.migrateToLatest() : await migrator.migrateTo(last);
  expect(error).toBeUndefined();
}

async function withPool<T>(url: string, use: (pool: pg.Pool) => Promise<T>): Promise<T> {
  // Better Auth may still hold a connection when the server stops
  const pool = openPool(url, 5);
  try {
    return await use(pool);
  } finally {
    await pool.end();
  }
}

function withKysely<T>(url: string, use: (db: Kysely<unknown>) => Promise<T>): Promise<T> {
  return withPool(url, (pool) => use(new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })));
}
