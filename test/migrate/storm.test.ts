import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrations } from '../../migrations/index.js';
import { randomNumber } from '../support/chance.js';
import { everywhere } from '../support/kills.js';
import { dumpOf, migrate } from '../support/migrate.js';
import { describeWithPostgres, type Postgres, query, startPostgres } from '../support/postgres.js';
import { start } from '../support/program.js';

const steps = Object.keys(migrations);
// moments are chance, and those of many runs add up; a run that cuts everywhere has many in one
const rounds = everywhere ? 50 : 12;
const moments = everywhere ? 100 : 25;
const lock = BigInt(`0x${Buffer.from('lockstep').toString('hex')}`);

describeWithPostgres('migrate up in a storm', () => {
  let postgres: Postgres;
  let whole: string;
  beforeAll(async () => {
    postgres = await startPostgres();
    const url = await postgres.database();
    expect((await migrate(url, ['up', '--yes'])).code).toBe(0);
    whole = dumpOf(postgres, url);
  });
  afterAll(() => postgres.stop());

  async function expectWhole(url: string): Promise<void> {
    const recorded = await query(url, 'select name, hash from lockstep_migration order by name');
    expect(recorded.map(({ name }) => name)).toEqual(steps);
    expect(recorded.every(({ hash }) => /^[0-9a-f]{64}$/.test(String(hash)))).toBe(true);
    expect((await migrate(url, ['drift'])).code).toBe(0);
  }

  test(`8 runners at once, ${rounds} times: each step once, and no error`, { timeout: 180_000 }, async () => {
    const began: number[] = [];
    const url = await postgres.database();
    for (let round = 0; round < rounds; round++) {
      await emptied(url);
      const runs = await Promise.all(
        Array.from({ length: 8 }, () => migrate(url, ['up', '--yes', '--lock-timeout', '60s'])),
      );
      expect(runs.map(({ code, err }) => ({ code, err: err.includes('lockstep:') ? err : '' }))).toEqual(
        Array(8).fill({ code: 0, err: '' }),
      );
      // one of them did it: the others came after or found it done
      const doers = runs.filter(({ out }) => out.includes('6 steps applied\n') && out.includes('  done'));
      expect(doers).toHaveLength(1);
      began.push(runs.filter(({ err }) => err.includes('about to change')).length);
      await expectWhole(url);
    }
    expect(Math.max(...began), 'some of them wanted the same at the same time').toBeGreaterThan(1);
  });

  test('8 processes at once', { timeout: 120_000 }, async () => {
    const url = await postgres.database();
    const ended = await Promise.all(
      Array.from({ length: 8 }, () => start(url, 'migrate', 'up', '--yes', '--lock-timeout', '60s').ended),
    );
    expect(ended.map(({ code }) => code)).toEqual(Array(8).fill(0));
    await expectWhole(url);
    expect(dumpOf(postgres, url)).toBe(whole);
  });

  test(`a client that is killed at ${moments} moments leaves all or nothing, and the next run completes it`, {
    timeout: 300_000,
  }, async () => {
    const spans = [];
    for (let once = 0; once < 3; once++) {
      const measured = await postgres.database();
      const from = performance.now();
      await start(measured, 'migrate', 'up', '--yes').ended;
      spans.push(performance.now() - from);
    }
    // one in which the machine stood still would have all killed after their end
    const span = Math.min(...spans);
    const left = { nothing: 0, all: 0 };
    const url = await postgres.database();
    // until both are seen, which is a matter of how fast the machine is
    for (let point = 0; point < moments || (point < 100 && Math.min(left.nothing, left.all) === 0); point++) {
      await emptied(url);
      const { child, ended } = start(url, 'migrate', 'up', '--yes');
      // the middle of the run, where the database is talked to, more often than its ends
      await sleep(span * (0.25 + 0.8 * randomNumber()));
      child.kill('SIGKILL');
      await ended;
      const tables = await query(url, "select count(*)::int as n from pg_tables where schemaname = 'public'");
      // what is still being committed counts as either; a part of it does not exist
      expect([0, 7]).toContain(tables[0]?.n);
      left[tables[0]?.n === 0 ? 'nothing' : 'all'] += 1;
      expect((await migrate(url, ['up', '--yes'])).code).toBe(0);
      expect((await migrate(url, ['status'])).code).toBe(0);
      if (point % 10 === 0) await expectWhole(url);
      if (point % 10 === 0) expect(dumpOf(postgres, url)).toBe(whole);
    }
    expect(left.nothing, JSON.stringify(left)).toBeGreaterThan(0);
    expect(left.all, JSON.stringify(left)).toBeGreaterThan(0);
  });

  test('a server whose power fails during the run: it ends with 3, and the next run completes it', {
    timeout: 120_000,
  }, async () => {
    let cut = 0;
    for (let round = 0; round < 6; round++) {
      const url = await postgres.database();
      // a table that is locked holds the run in the middle of its transaction
      const held = await holding(url, 'begin; create table "user" (id text)');
      const run = start(url, 'migrate', 'up', '--yes');
      await until(async () => (await waiting(postgres.url)) > 0, 'the run stands still');
      await postgres.crash();
      await held.gone();
      const { code, said } = await run.ended;
      expect({ code, said }).toEqual({ code: 3, said: expect.stringMatching(/connection|server/) });
      cut += 1;
      expect(await query(url, "select 1 from pg_tables where schemaname = 'public'")).toEqual([]);
      expect((await migrate(url, ['up', '--yes'])).code).toBe(0);
      await expectWhole(url);
    }
    expect(cut).toBe(6);
  });

  test('a holder that is killed during a long statement frees the lock within two seconds', async () => {
    const url = await postgres.database();
    const held = await holding(url, 'begin; create table "user" (id text)');
    const run = start(url, 'migrate', 'up', '--yes');
    await until(async () => (await waiting(postgres.url)) > 0, 'the run stands still');
    expect(await holders(url), 'and holds the lock').toBe(1);

    const refused = await migrate(url, ['up', '--yes', '--lock-timeout', '200ms']);
    expect(refused.code).toBe(3);
    expect(refused.err).toMatch(
      /another migration holds the lock: process \d+ lockstep migrate up as postgres since \d{4}-/,
    );

    run.child.kill('SIGKILL');
    const looks = await until(async () => (await holders(url)) === 0, 'the lock is free');
    // at least so many ms, and no more of them where the machine stands still
    expect(looks * 25).toBeLessThan(2_000 + 1_000);
    await held.gone();
    expect((await migrate(url, ['up', '--yes'])).code).toBe(0);
    await expectWhole(url);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('a run that gets %s ends with %i and leaves nothing', async (signal, owed) => {
    const url = await postgres.database();
    const held = await holding(url, 'begin; create table "user" (id text)');
    const run = start(url, 'migrate', 'up', '--yes');
    await until(async () => (await waiting(postgres.url)) > 0, 'the run stands still');
    run.child.kill(signal);
    expect((await run.ended).code).toBe(owed);
    await until(async () => (await holders(url)) === 0, 'the lock is free');
    await held.gone();
    expect(await query(url, "select 1 from pg_tables where schemaname = 'public'")).toEqual([]);
  });

  async function holders(url: string): Promise<number> {
    const [row] = await query(
      url,
      `select count(*)::int as n from pg_locks where locktype = 'advisory' and granted and classid = ${lock >> 32n} and objid = ${lock & 0xffff_ffffn}
         and database = (select oid from pg_database where datname = current_database())`,
    );
    return Number(row?.n);
  }
});

/** As a new database. Whoever was killed there may need a moment to be gone: the locks are waited for. */
async function emptied(url: string): Promise<void> {
  await query(
    url,
    `do $$ declare t text; begin
       for t in select tablename from pg_tables where schemaname = 'public' loop
         execute format('drop table if exists public.%I cascade', t);
       end loop;
     end $$`,
  );
}

async function waiting(url: string): Promise<number> {
  const [row] = await query(
    url,
    `select count(*)::int as n from pg_stat_activity where application_name = 'lockstep migrate up' and wait_event_type = 'Lock'`,
  );
  return Number(row?.n);
}

/** A session that stands in an open transaction until it is told to go. */
async function holding(url: string, sql: string): Promise<{ gone(): Promise<void> }> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  await client.query(sql);
  return { gone: () => client.end().catch(() => {}) };
}

/** How often it was looked at before it held, 25 ms apart. */
async function until(holds: () => Promise<boolean>, what: string): Promise<number> {
  for (let tries = 0; tries < 600; tries++) {
    if (await holds()) return tries;
    await sleep(25);
  }
  throw new Error(`never: ${what}`);
}
