import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../src/main.js';
import { fakeWorld } from '../support/fake-world.js';
import { turns } from '../support/kills.js';
import { migrate } from '../support/migrate.js';
import { describeWithPostgres, type Postgres, query, startPostgres } from '../support/postgres.js';

/**
 * Makes the server act at the n-th thing that a migration does to it: before each statement that changes the schema, at
 * each row of the ledger, and at the commit. The things are counted by a sequence, which no rollback takes back, so that
 * a run that nothing disturbs tells how many there are, and new ones are covered by themselves. The errors are those
 * that PostgreSQL itself raises where its disk is full or fails; it is then rolled back by PostgreSQL itself.
 */
const points = `
create schema points;
create sequence points.passed;
create table points.plan (nth bigint, act text);
create function points.pass() returns void language plpgsql as $$
declare n bigint := nextval('points.passed'); act text;
begin
  select plan.act into act from points.plan where nth = n;
  if act = 'stand' then perform pg_advisory_xact_lock(4711);
  elsif act is not null then raise exception 'injected at %', n using errcode = act;
  end if;
end $$;
create function points.at_row() returns trigger language plpgsql as $$
begin perform points.pass(); return null; end $$;
create function points.ddl() returns event_trigger language plpgsql as $$
declare ledger text := 'public.lockstep_migration';
begin
  -- its own triggers are none of the migration's
  if tg_tag = 'CREATE TRIGGER' then return; end if;
  if tg_event = 'ddl_command_start' then perform points.pass(); return; end if;
  if to_regclass(ledger) is null or exists (select 1 from pg_trigger where tgrelid = to_regclass(ledger)) then return; end if;
  execute format('create trigger at_row after insert or delete on %s for each row execute function points.at_row()', ledger);
  execute format('create constraint trigger at_commit after insert or delete on %s deferrable initially deferred
    for each row execute function points.at_row()', ledger);
end $$;
create event trigger points_start on ddl_command_start execute function points.ddl();
create event trigger points_end on ddl_command_end execute function points.ddl();`;

/** Columns, constraints and indexes of the schema `public`, in one text. */
const everything = `select to_regclass('public.lockstep_migration') is not null as ledger, (
  select string_agg(part, chr(10) order by part) from (
    select format('%s.%s %s %s %s', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
      pg_get_expr(d.adbin, d.adrelid)) as part
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace
    union all select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
    where connamespace = 'public'::regnamespace
    union all select indexdef from pg_indexes where schemaname = 'public') as parts(part)) as parts`;

describeWithPostgres('wherever the server is in a migration', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  describe.each([
    { verb: 'up', args: ['up', '--yes'], first: [] as string[], least: 15 },
    { verb: 'down', args: ['down', '--yes'], first: ['up', '--yes'], least: 10 },
  ])('$verb', ({ args, first, least }) => {
    let url: string;
    /** the schema before and after, and how many points there are between them */
    let before: string;
    let after: string;
    let many: number;
    /** the tables, and what the ledger says of them */
    async function schema(): Promise<string> {
      const [row] = await query(url, everything);
      const rows = row?.ledger === true ? await query(url, 'select name from lockstep_migration order by 1') : [];
      return `${row?.parts}${JSON.stringify(rows)}`;
    }
    beforeAll(async () => {
      url = await postgres.database();
      await query(url, points);
      await prepared();
      before = await schema();
      await planned(0, '');
      expect((await migrate(url, args)).code).toBe(0);
      after = await schema();
      many = Number((await query(url, 'select last_value as n from points.passed'))[0]?.n);
      expect(after).not.toBe(before);
      expect(many).toBeGreaterThan(least);
      await planned(0, '');
    });

    async function prepared(): Promise<void> {
      await planned(0, '');
      if (first.length === 0) await emptied();
      else expect((await migrate(url, first)).code).toBe(0);
    }

    async function emptied(): Promise<void> {
      await query(
        url,
        `do $$ declare t text; begin
        for t in select tablename from pg_tables where schemaname = 'public' loop
          execute format('drop table if exists public.%I cascade', t);
        end loop; end $$`,
      );
    }

    const planned = (at: number, act: string) =>
      query(
        url,
        `delete from points.plan; insert into points.plan values (${at}, '${act}'); select setval('points.passed', 1, false)`,
      );

    const words = { '53100': 'disk is full', '58030': 'disk reports an error' };
    test.each(turns(['53100', '58030'] as const))(
      'it fails with %j in turn: all is as before, and the run ends with 3 and says why',
      { timeout: 120_000 },
      async (codes) => {
        await restored();
        for (let at = 1; at <= many; at++) {
          const code = codes[at % codes.length] as (typeof codes)[number];
          await planned(at, code);
          const ran = await migrate(url, args);
          expect(ran, `point ${at}`).toEqual({ code: 3, out: '', err: expect.stringContaining(words[code]) });
          expect(await schema(), `point ${at}`).toBe(before);
        }
        await planned(0, '');
        expect((await migrate(url, args)).code).toBe(0);
        expect(await schema()).toBe(after);
      },
    );

    test.each(turns(['SIGINT', 'SIGTERM'] as const))(
      '%j in turn: all is as before or as after, and the exit code says which it was',
      { timeout: 120_000 },
      async (signals) => {
        await restored();
        const gate = new pg.Client({ connectionString: url });
        await gate.connect();
        const seen = new Set<string>();
        try {
          for (let at = 1; at <= many; at++) {
            const signal = signals[at % signals.length] as (typeof signals)[number];
            await planned(at, 'stand');
            await gate.query('select pg_advisory_lock(4711)');
            const stop = new AbortController();
            const running = main(
              ['migrate', ...args],
              fakeWorld({ env: { DATABASE_URL: url }, interrupted: stop.signal }),
            );
            await until(
              gate,
              "exists (select 1 from pg_locks where locktype = 'advisory' and objid = 4711 and not granted)",
            );
            stop.abort(signal);
            expect(await running, `point ${at}`).toBe(signal === 'SIGINT' ? 130 : 143);
            const gone = "not exists (select 1 from pg_stat_activity where application_name like 'lockstep%')";
            // within a second the server notices that nobody is there any more, and rolls back; it may be done before that
            if (at % 7 === 1) await until(gate, gone);
            await gate.query('select pg_advisory_unlock(4711)');
            await until(gate, gone);
            const now = await schema();
            expect([before, after], `point ${at}`).toContain(now);
            seen.add(now === before ? 'before' : 'after');
            await restored();
          }
        } finally {
          await gate.end();
        }
        expect([...seen].sort()).toEqual(['after', 'before']);
      },
    );

    async function restored(): Promise<void> {
      if ((await schema()) !== before) await prepared();
      expect(await schema()).toBe(before);
    }
  });
});

async function until(client: pg.Client, holds: string): Promise<void> {
  for (let tries = 0; tries < 3_000; tries++) {
    const { rows } = await client.query(`select ${holds} as holds`);
    if (rows[0].holds === true) return;
    await sleep(5);
  }
  throw new Error(`never: ${holds}`);
}
