import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tellWeakTls } from '../../src/commands/database-tls.js';
import { Secret } from '../../src/core/secret.js';
import { dumpOf, migrate, rowsOf } from '../support/migrate.js';
import { describeWithPostgres, type Postgres, query, startPostgres } from '../support/postgres.js';

const password = 'kanarie-4711-geheim';

describe('a database URL that will not do', () => {
  test.each([
    [`postgresql+asyncpg://u:${password}@localhost/db`, 2, 'is for SQLAlchemy'],
    [`mysql://u:${password}@localhost/db`, 2, 'is not a postgresql:// URL'],
    [`postgresql://u:${password}#x@localhost/db`, 2, 'has a #'],
    [`postgresql://u:1/${password}@localhost/db`, 2, 'cannot be read|that can be read'],
    [`postgresql://u:1?${password}@localhost/db`, 2, 'that can be read'],
    [`postgresql://u:%${password}@localhost/db`, 2, 'begins no %XX'],
    [`postgresql://u:${password}@localhost:99999/db`, 2, 'has a port'],
    [`postgresql://u:${password}@one:1,two:2/db`, 2, 'several hosts'],
    [`postgresql://u:${password}@localhost/db?sslmode=perhaps`, 2, 'sslmode'],
    [`postgresql://u:${password}@127.0.0.1:1/db`, 3, 'connection refused'],
    [`postgresql:///db?host=/nowhere/at/all&password=${password}`, 3, 'no socket there'],
    ['', 2, 'no database is named'],
  ])('%s ends with one line, a hint and %i', async (url, exit, words) => {
    for (const verb of ['status', 'up', 'plan', 'drift', 'repair', 'down']) {
      const { code, out, err } = await migrate(url, [verb]);
      expect({ verb, code, out }).toEqual({ verb, code: exit, out: '' });
      expect(err).toMatch(new RegExp(words));
      expect(err).toMatch(/^lockstep: [^\n]+\n→ [^\n]+\n$/);
      expect(err).not.toContain(password);
      expect(err).not.toMatch(/\n\s+at /);
    }
  });

  test.each([
    ['db.example.com/app', 'says no sslmode: password and rows go to db.example.com in clear'],
    ['db.example.com/app?sslmode=disable', 'says sslmode=disable: password and rows go to db.example.com in clear'],
    ['192.0.2.1/app?sslmode=prefer', 'whoever stands on the way to 192.0.2.1 can have TLS left out'],
    ['db.example.com/app?sslmode=no-verify', 'whoever stands on the way can be db.example.com'],
    ['db.example.com/app?sslmode=verify-ca', 'whoever has any certificate of that authority can be db.example.com'],
    ['db.example.com/app?sslmode=verify-full', null],
    // as here any TLS proves the server
    ['db.example.com/app?sslmode=require', null],
    ['localhost/app', null],
    ['127.0.0.1/app?sslmode=prefer', null],
    ['[::1]/app', null],
    ['10.1.2.3/app', null],
    ['db/app', null],
    ['db/app?sslmode=no-verify', 'can be db: its certificate'],
    ['localhost/app?host=%2Fvar%2Frun&sslmode=disable', null],
  ])('what %s leaves open is told', async (place, words) => {
    const url = new Secret(`postgresql://u:${password}@${place}`);
    const told: string[] = [];
    const stderr = { isTTY: false, columns: 80, rows: 24, write: (text: string) => told.push(text) };
    tellWeakTls(url, 'DATABASE_URL', { stderr, pins: [] });
    const said = told.join('');
    expect(said).toEqual(
      words === null ? '' : expect.stringMatching(/^DATABASE_URL [^\n]+\n→ sslmode=verify-full[^\n]*\n$/),
    );
    expect(said).toContain(words ?? '');
    expect(said).not.toContain(password);
    // a pin proves the server where there is TLS
    told.length = 0;
    tellWeakTls(url, 'DATABASE_URL', { stderr, pins: ['a pin'] });
    expect(told.join('')).toBe(/no-verify|verify-ca|prefer/.test(place) ? '' : said);
  });

  test('by every verb, before anything is sent', async () => {
    const { code, err } = await migrate(`postgresql://u:${password}@host.invalid/db?sslmode=no-verify`, ['status']);
    expect(code).toBe(3);
    expect(err).toMatch(/^DATABASE_URL says sslmode=no-verify: [^\n]+\n→ [^\n]+\nlockstep: /);
  });

  test('a server that is none of PostgreSQL is told at its first byte', async () => {
    const server = createServer((socket) =>
      socket.on('error', () => {}).end('SSH-2.0-OpenSSH_9.6\r\n'.replace('S', 'X')),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { code, err } = await migrate(`postgresql://u:${password}@127.0.0.1:${port}/db`, ['status']);
    server.close();
    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining('what answers there is not PostgreSQL') });
    expect(err).not.toContain(password);
  });

  test('options that cannot be are told all at once', async () => {
    const { code, err } = await migrate('postgresql://localhost/x', ['up', '--id-type', 'ulid', '--wait', 'long']);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(/--id-type ulid: .*\n--wait long: /) });
  });
});

describeWithPostgres('the verbs of migrate', () => {
  let postgres: Postgres;
  let whole: string;
  beforeAll(async () => {
    postgres = await startPostgres();
    whole = await postgres.database();
    expect((await migrate(whole, ['up', '--yes'])).code).toBe(0);
  });
  afterAll(() => postgres.stop());

  const tables = async (url: string) =>
    (await query(url, "select tablename as name from pg_tables where schemaname = 'public'")).map(({ name }) => name);

  test('nothing is changed without consent, and the flag is named', async () => {
    const url = await postgres.database();
    for (const args of [['up'], ['up', '--no-input'], ['up', '--json']]) {
      const { code, out, err } = await migrate(url, args);
      expect(code).toBe(5);
      expect(`${out}${err}`).toContain('--yes');
      expect(err).toContain(`about to change database ${new URL(url).pathname.slice(1)} on socket`);
    }
    expect(await tables(url)).toEqual([]);
    const person = (says: boolean) => ({ answers: { 'Go on?': says } });
    expect((await migrate(url, ['up'], person(false))).code).toBe(5);
    expect(await tables(url)).toEqual([]);
    expect((await migrate(url, ['up'], person(true))).code).toBe(0);
    expect(await tables(url)).toHaveLength(7);
  });

  test('a production database wants its name', async () => {
    const url = await postgres.database();
    const name = new URL(url).pathname.slice(1);
    for (const [args, exit] of [
      [['up', '--production', '--yes'], 5],
      [['up', '--production', '--confirm', 'another'], 5],
      [['up', '--confirm', 'another'], 5],
      [['up', '--production', '--confirm', name], 0],
    ] as const) {
      expect((await migrate(url, args)).code, args.join(' ')).toBe(exit);
    }
    const marked = await migrate(url, ['down', '--yes'], { env: { LOCKSTEP_PRODUCTION: 'true' } });
    expect({ code: marked.code, err: marked.err }).toEqual({
      code: 5,
      err: expect.stringContaining(`--confirm ${name}`),
    });
  });

  test('the database is that of --database-url-env, else of lockstep.json, else of DATABASE_URL', async () => {
    const [one, two, three] = [await postgres.database(), await postgres.database(), await postgres.database()];
    const file = {
      '/project/lockstep.json': '{"targets":{"local":{"auth":"http://localhost:1/api/auth","database":"env:TWO"}}}',
    };
    const env = { ONE: one, TWO: two };
    const named = async (args: string[], files: Record<string, string>) =>
      /database (test_\d+) on/.exec((await migrate(three, ['status', ...args], { env, files })).out)?.[1];
    expect(await named(['--database-url-env', 'ONE'], file)).toBe(new URL(one).pathname.slice(1));
    expect(await named([], file)).toBe(new URL(two).pathname.slice(1));
    expect(await named([], {})).toBe(new URL(three).pathname.slice(1));
    expect((await migrate(three, ['status', '--database-url-env', 'NONE'], { env })).code).toBe(2);
  });

  test.each([
    ['edited', `update lockstep_migration set hash = repeat('0', 64) where name = '0003_account'`, '0003_account'],
    ['unknown', `insert into lockstep_migration values ('0099_from_the_future', '2030-01-01')`, '0099_from_the_future'],
  ])('an %s step is an error that names it', async (standing, sql, step) => {
    const url = await postgres.database(whole);
    await query(url, sql);
    const status = await migrate(url, ['status', '--json']);
    expect(status.code).toBe(1);
    expect(JSON.parse(status.out).results[0].findings[0]).toMatchObject({
      code: `schema/ledger.${standing}`,
      data: { step },
    });
    for (const verb of ['up', 'plan', 'repair', 'down']) {
      const { code, err } = await migrate(url, [verb, ...(verb === 'plan' ? [] : ['--yes'])]);
      expect({ verb, code, err }).toEqual({ verb, code: 5, err: expect.stringContaining(step) });
    }
    expect(await tables(url)).toHaveLength(7);
  });

  test('tables that a ledger speaks of and that are gone are never "in step"', async () => {
    const url = await postgres.database(whole);
    await query(url, 'drop table jwks');
    for (const verb of ['status', 'up', 'drift']) expect((await migrate(url, [verb])).code, verb).toBe(1);
  });

  test('down goes back to a step, up comes to the same dump', async () => {
    const url = await postgres.database(whole);
    const dump = dumpOf(postgres, url);
    expect((await migrate(url, ['down', '--to', '0002_session', '--yes'])).code).toBe(0);
    expect((await tables(url)).sort()).toEqual(['lockstep_migration', 'lockstep_migration_lock', 'session', 'user']);
    expect((await migrate(url, ['status'])).code).toBe(4);
    expect((await migrate(url, ['up', '--yes'])).code).toBe(0);
    expect(dumpOf(postgres, url)).toBe(dump);
    expect((await migrate(url, ['down', '--yes'])).code).toBe(0);
    expect(await tables(url)).toHaveLength(2);
    expect((await migrate(url, ['up', '--yes'])).code).toBe(0);
    expect(dumpOf(postgres, url)).toBe(dump);
    expect((await migrate(url, ['down', '--to', '0002_sesion', '--yes'])).err).toContain('did you mean 0002_session?');
  });

  test('down refuses to lose rows, and what the application ties to them', async () => {
    const url = await postgres.database(whole);
    await query(url, `insert into "user" (id, name, email, "emailVerified") values ('u', 'u', 'u@example.test', true)`);
    const before = await rowsOf(url);
    const refused = await migrate(url, ['down', '--yes']);
    expect({ code: refused.code, out: refused.out }).toEqual({
      code: 5,
      out: expect.stringContaining('1 row of user: would be lost'),
    });
    expect(await rowsOf(url)).toEqual(before);
    await query(url, 'create table tasks (owner text references "user")');
    const tied = await migrate(url, ['down', '--yes', '--lose-rows']);
    expect({ code: tied.code, err: tied.err }).toEqual({ code: 5, err: expect.stringContaining('depend') });
    expect(await rowsOf(url)).toEqual({ ...before, tasks: [] });
    await query(url, 'drop table tasks');
    expect((await migrate(url, ['down', '--yes', '--lose-rows'])).code).toBe(0);
    expect(await tables(url)).toHaveLength(2);
  });

  test('a schema of its own: everything in it, nothing beside it', async () => {
    const url = await postgres.database();
    const missing = await migrate(url, ['up', '--yes', '--schema', 'Auth"x']);
    expect({ code: missing.code, err: missing.err }).toEqual({
      code: 2,
      err: expect.stringContaining('there is no schema Auth"x'),
    });
    await query(url, 'create schema "Auth""x"; create table "user" (id int)');
    expect((await migrate(url, ['up', '--yes', '--schema', 'Auth"x'])).code).toBe(0);
    expect(await tables(url)).toEqual(['user']);
    const made = await query(url, `select count(*)::int as n from pg_tables where schemaname = 'Auth"x'`);
    expect(made).toEqual([{ n: 7 }]);
    for (const verb of ['status', 'drift']) expect((await migrate(url, [verb, '--schema', 'Auth"x'])).code).toBe(0);
    const path = new URL(url);
    path.searchParams.set('options', '-c search_path="Auth""x",public');
    expect((await migrate(path.href.replaceAll('+', '%20'), ['status'])).code).toBe(0);
  });

  test('a user who may not, and a database that takes no writes', async () => {
    const url = await postgres.database();
    await query(url, `create role guest login; revoke create on schema public from public`);
    const guest = await migrate(url.replace('postgres@', 'guest@'), ['up', '--yes']);
    expect({ code: guest.code, err: guest.err }).toEqual({ code: 2, err: expect.stringContaining('may not do that') });
    await query(url, `alter database ${new URL(url).pathname.slice(1)} set default_transaction_read_only = on`);
    const replica = await migrate(url, ['up', '--yes']);
    expect({ code: replica.code, err: replica.err }).toEqual({
      code: 2,
      err: expect.stringContaining('takes no writes'),
    });
    expect((await migrate(url, ['status'])).code, 'looking is reading').toBe(4);
  });

  test('a wrong name of a database or a user is told as such', async () => {
    const none = await migrate(postgres.url.replace('/postgres?', '/nowhere?'), ['status']);
    expect({ code: none.code, err: none.err }).toEqual({
      code: 2,
      err: expect.stringContaining('no database of that name'),
    });
    const nobody = await migrate(postgres.url.replace('postgres@', 'nobody_at_all@'), ['status']);
    expect({ code: nobody.code, err: nobody.err }).toEqual({ code: 2, err: expect.stringContaining('not let in') });
  });

  test('--wait waits for a server that is not there yet', async () => {
    const { code } = await migrate('postgresql:///x?host=/nowhere', ['status', '--wait', '50ms']);
    expect(code).toBe(3);
    const url = await postgres.database();
    const starting = postgres.crash();
    expect((await migrate(url, ['status', '--wait', '30s'])).code).toBe(4);
    await starting;
  });
});
