import { createConnection, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Look } from '../../src/io/db/look.js';
import { inTransaction } from '../../src/io/db/transaction.js';
import { fakeWorld } from '../support/fake-world.js';
import { migrate } from '../support/migrate.js';
import { describeWithPostgres, type Postgres, query, startPostgres } from '../support/postgres.js';

/** One port, behind which now one PostgreSQL stands and now another one, as after a start on a port that was taken. */
async function port(first: string) {
  let behind = first;
  const server = createServer((client) => {
    const upstream = createConnection(`${new URL(behind).searchParams.get('host')}/.s.PGSQL.5432`);
    client.pipe(upstream).pipe(client);
    for (const one of [client, upstream]) one.on('error', () => one.destroy());
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    number: (server.address() as { port: number }).port,
    leadsTo(url: string) {
      behind = url;
    },
    stop: () => new Promise((stopped) => server.close(stopped)),
  };
}

describeWithPostgres('which database it is', () => {
  let [meant, decoy]: Postgres[] = [];
  let door: Awaited<ReturnType<typeof port>>;
  let url: string;
  beforeAll(async () => {
    [meant, decoy] = await Promise.all([startPostgres(), startPostgres()]);
    for (const one of [meant, decoy]) await query(one.url, 'create database app');
    door = await port(meant.url);
    url = `postgresql://postgres@127.0.0.1:${door.number}/app`;
  });
  afterAll(async () => {
    await door?.stop();
    await Promise.all([meant?.stop(), decoy?.stop()]);
  });

  const on = ({ url: server }: Postgres) => server.replace('/postgres?', '/app?');
  const tables = async (server: Postgres) =>
    (await query(on(server), "select tablename as name from pg_tables where schemaname = 'public'")).length;
  const systemOf = async (server: Postgres) => {
    door.leadsTo(server.url);
    const { code, out } = await migrate(url, ['status', '--json']);
    expect(code).toBe(4);
    return JSON.parse(out).database.system as string;
  };

  test('is told, and is another one behind the same address, name and user', async () => {
    const [one, other] = [await systemOf(meant as Postgres), await systemOf(decoy as Postgres)];
    expect(one).toMatch(/^\d{10,20}$/);
    expect(other).toMatch(/^\d{10,20}$/);
    expect(one).not.toBe(other);
    const control = await query(on(meant as Postgres), 'select system_identifier::text as id from pg_control_system()');
    expect(control).toEqual([{ id: one }]);
    expect((await migrate(url, ['status'])).out).toContain(`, system ${other}\n`);
  });

  test.each(['up', 'down', 'repair', 'plan', 'status', 'drift'])(
    'is proven before migrate %s does anything',
    async (verb) => {
      const id = await systemOf(meant as Postgres);
      const other = await systemOf(decoy as Postgres);
      const { code, out, err } = await migrate(url, [verb, '--expect-db-id', id]);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(`is another database than expected: its system id is ${other}\n→ nothing was changed`);
      expect(await tables(decoy as Postgres)).toBe(0);
    },
  );

  test('lets the right one be changed, and says which one it is', async () => {
    const id = await systemOf(meant as Postgres);
    door.leadsTo((meant as Postgres).url);
    const { code, err } = await migrate(url, ['up', '--yes', '--expect-db-id', id]);
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining(`schema public, system ${id}\n`) });
    expect(await tables(meant as Postgres)).toBe(7);
    expect(await tables(decoy as Postgres)).toBe(0);
    // the control: without the id nothing tells them apart
    door.leadsTo((decoy as Postgres).url);
    expect((await migrate(url, ['up', '--yes'])).code).toBe(0);
    expect(await tables(decoy as Postgres)).toBe(7);
  });

  test('may be kept from a user, who then cannot prove it', async () => {
    const server = on(meant as Postgres);
    await query(server, 'create role ada login');
    await query(server, 'grant select on all tables in schema public to ada');
    await query(server, 'revoke execute on function pg_control_system() from public');
    const as = server.replace('//postgres@', '//ada@');
    const { out } = await migrate(as, ['status', '--json']);
    expect(JSON.parse(out).database.system).toBeNull();
    const { code, err } = await migrate(as, ['status', '--expect-db-id', '1']);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('does not tell its system id') });
  });

  test.each(['', 'app', '-1', '12a', '0x10'])('is no such thing as %j', async (id) => {
    const { code, err } = await migrate(url, ['status', `--expect-db-id=${id}`]);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('--expect-db-id') });
  });
});

describe('a pooler that leads elsewhere between the look and the transaction', () => {
  const seen = { system: '7000000000000000001', seal: '', schema: 'public' } as Look;
  const answer = (system: string) => ({
    look: { database: 'app', user: 'ada', schema: 'public', tables: [], ledger: '', system },
  });
  const attempt = async (system: string) => {
    const sent: string[] = [];
    const db = {
      place: 'database app',
      async send(sql: string) {
        sent.push(sql);
        return [[{ locked: true }], [answer(system)]];
      },
    };
    const limits = { schema: null, lockMs: 0, statementMs: 1_000, world: fakeWorld({}) };
    const done = inTransaction(db, seen, ['create table x ()'], limits);
    return { done, sent };
  };

  test('is found before a statement is sent', async () => {
    const { done, sent } = await attempt('7000000000000000002');
    await expect(done).rejects.toMatchObject({ code: 'another-database' });
    expect(sent).toHaveLength(2);
    expect(sent[1]).toBe('rollback');
  });

  test('is none where it is the same', async () => {
    const { done, sent } = await attempt(seen.system as string);
    await expect(done).resolves.toBe(true);
    expect(sent[1]).toContain('create table x ()');
  });
});
