import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { layouts, optionalSets } from '../../migrations/layout.js';
import { drift } from '../../src/auth-schema/drift.js';
import { expectedTables } from '../../src/auth-schema/expected.js';
import { dumpOf, migrate } from '../support/migrate.js';
import { describeWithPostgres, type Postgres, query, startPostgres } from '../support/postgres.js';

/** One planted difference each: what it is called, and on what. The names say what a person would have done. */
const planted: readonly (readonly [name: string, sql: string, ...found: string[]])[] = [
  ['a dropped table', 'drop table jwks', 'missing-table jwks'],
  ['a renamed table', 'alter table session rename to "Session"', 'renamed-table session'],
  ['a dropped column', 'alter table account drop column scope', 'missing-column account.scope'],
  [
    'a column that lost its capitals',
    'alter table session rename column "userAgent" to useragent',
    'renamed-column session.userAgent',
  ],
  ['a varchar', 'alter table "user" alter name type varchar(80)', 'type user.name'],
  [
    'a time without a zone',
    `alter table session alter "expiresAt" type timestamp using "expiresAt" at time zone 'UTC'`,
    'type session.expiresAt',
  ],
  [
    'a bigint that became an integer',
    'alter table "rateLimit" alter "lastRequest" type integer',
    'type rateLimit.lastRequest',
  ],
  ['a column that may be empty', 'alter table "user" alter email drop not null', 'nullability user.email'],
  ['a column that must be filled', 'alter table "user" alter image set not null', 'nullability user.image'],
  ['a default that went', 'alter table "user" alter "createdAt" drop default', 'default user.createdAt'],
  ['a default that came', 'alter table "user" alter "emailVerified" set default false', 'default user.emailVerified'],
  ['another default', `alter table "user" alter "createdAt" set default '2000-01-01'`, 'default user.createdAt'],
  ['no primary key', 'alter table jwks drop constraint jwks_pkey', 'primary-key jwks'],
  ['a UNIQUE that went', 'alter table session drop constraint session_token_key', 'missing-unique session.token'],
  [
    'a UNIQUE that forbids what happens',
    'create unique index one_session on session ("userId")',
    'stray-unique session.userId',
  ],
  ['an index that went', 'drop index "account_userId_idx"', 'missing-index account.userId'],
  [
    'a foreign key that does not cascade',
    'alter table session drop constraint "session_userId_fkey", add foreign key ("userId") references "user"',
    'foreign-key session.userId',
  ],
  [
    'a second foreign key that forbids the first',
    'alter table session add constraint second foreign key ("userId") references "user" on delete restrict',
    'foreign-key session.userId',
  ],
  [
    'a foreign key that is not checked for old rows',
    'alter table account drop constraint "account_userId_fkey", add foreign key ("userId") references "user" on delete cascade not valid',
    'foreign-key account.userId',
  ],
  ['no foreign key', 'alter table account drop constraint "account_userId_fkey"', 'foreign-key account.userId'],
  [
    'the issuer of 1.7.0 to 1.7.2',
    'alter table account add issuer text not null; create unique index on account (issuer, "accountId")',
    'stray-required-column account.issuer',
  ],
  [
    'everything at once',
    'drop table jwks; alter table account drop column "idToken", drop column scope; alter table session alter token drop not null; drop index verification_identifier_idx',
    'missing-column account.idToken',
    'missing-column account.scope',
    'missing-index verification.identifier',
    'missing-table jwks',
    'nullability session.token',
  ],
];

describe('the expected tables', () => {
  test.each(layouts)('do not differ from themselves: %j', (layout) => {
    const expected = expectedTables(layout, optionalSets);
    expect(drift(expected, expected)).toEqual([]);
    expect(drift(expected, [])).toHaveLength(expected.length);
  });
});

describeWithPostgres('drift of live tables', () => {
  let postgres: Postgres;
  let whole: string;
  let dump: string[];
  beforeAll(async () => {
    postgres = await startPostgres();
    whole = await postgres.database();
    expect((await migrate(whole, ['up', '--yes', '--with', 'rateLimit'])).code).toBe(0);
    dump = sorted(dumpOf(postgres, whole));
  });
  afterAll(() => postgres.stop());

  test.each(planted)('%s is found, alone, and repaired to the same dump', async (_, sql, ...expected) => {
    const url = await postgres.database(whole);
    await query(url, sql);
    const found = await migrate(url, ['drift', '--json']);
    const { results, outcome } = JSON.parse(found.out);
    const codes = results
      .flatMap((result: { findings: { code: string; data: Record<string, string> }[] }) => result.findings)
      .map(
        ({ code, data }: { code: string; data: Record<string, string> }) =>
          `${code.replace('schema/shape.', '')} ${data.table}${data.column === undefined ? '' : `.${data.column}`}`,
      );
    expect(codes.sort()).toEqual(expected);
    expect([found.code, outcome]).toEqual([1, 'problems']);

    const { code, err } = await migrate(url, ['repair', '--yes']);
    expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining('lockstep:') });
    expect(sorted(dumpOf(postgres, url))).toEqual(dump);
    expect((await migrate(url, ['drift'])).code).toBe(0);
  });

  test.each([
    ['a column of the application', 'alter table "user" add role text, add plan text not null default \'free\''],
    ['an index of the application', 'create index on session ("expiresAt")'],
    [
      'a unique index in place of a constraint',
      'alter table session drop constraint session_token_key; create unique index on session (token)',
    ],
    ['another name of a constraint', 'alter table session rename constraint "session_userId_fkey" to owner'],
    ['a UNIQUE on a column of the application', 'alter table "user" add username text unique'],
    ['now() for CURRENT_TIMESTAMP', 'alter table "user" alter "createdAt" set default now()'],
    ['tables of the application', 'create table tasks (id serial primary key, "userId" text references "user")'],
  ])('%s is none', async (_, sql) => {
    const url = await postgres.database(whole);
    await query(url, sql);
    expect((await migrate(url, ['drift'])).out).toContain('in step: no drift');
  });

  test('a repair without consent changes nothing', async () => {
    const url = await postgres.database(whole);
    await query(url, 'drop index "account_userId_idx"');
    expect((await migrate(url, ['repair', '--no-input'])).code).toBe(5);
    expect((await migrate(url, ['drift'])).code).toBe(1);
  });

  test('a UNIQUE of some rows only is none', async () => {
    const url = await postgres.database(whole);
    await query(
      url,
      `alter table session drop constraint session_token_key; create unique index on session (token) where "userAgent" = 'x'`,
    );
    expect((await migrate(url, ['drift'])).out).toContain('schema/shape.missing-unique');
    expect((await migrate(url, ['repair', '--yes'])).code).toBe(0);
    expect((await migrate(url, ['drift'])).code).toBe(0);
  });

  test('a required column of somebody else is told, and repaired by letting it be empty', async () => {
    const url = await postgres.database(whole);
    await query(url, 'alter table "user" add email_verified boolean not null');
    expect((await migrate(url, ['drift'])).out).toContain('schema/shape.stray-required-column');
    expect((await migrate(url, ['repair', '--yes'])).code).toBe(0);
    expect((await migrate(url, ['drift'])).code).toBe(0);
    const [column] = await query(
      url,
      "select is_nullable from information_schema.columns where column_name = 'email_verified'",
    );
    expect(column).toEqual({ is_nullable: 'YES' });
  });

  test('ids of another type are nothing that a repair touches', async () => {
    const url = await postgres.database(whole);
    await query(url, 'alter table jwks alter id type uuid using gen_random_uuid()');
    const { code, out } = await migrate(url, ['repair', '--yes']);
    expect(code).toBe(5);
    expect(out).toContain('jwks.id is uuid where text is expected');
  });

  test.each(layouts)('nothing drifts from what the migrations make: %j', async ({ id, naming }) => {
    const url = await postgres.database();
    const flags = ['--id-type', id, '--field-names', naming, '--with', 'rateLimit'];
    expect((await migrate(url, ['up', '--yes', ...flags])).code).toBe(0);
    // without the flags, too: the ledger knows
    for (const verb of ['drift', 'status', 'up']) expect((await migrate(url, [verb])).code, verb).toBe(0);
    expect((await migrate(url, ['drift'])).out).toContain('in step: no drift');
    const other = await migrate(url, ['status', '--id-type', id === 'text' ? 'uuid' : 'text']);
    expect(other.code, 'a flag that contradicts the ledger').toBe(2);
    // what is dropped and made again from the expected shape is what the migrations make
    await query(url, `drop table account; drop table session`);
    const before = await postgres.database();
    await migrate(before, ['up', '--yes', ...flags]);
    expect((await migrate(url, ['up', '--yes'])).code, 'a table that is gone is no "nothing to do"').toBe(1);
    expect((await migrate(url, ['repair', '--yes'])).code).toBe(0);
    expect(dumpOf(postgres, url)).toBe(dumpOf(postgres, before));
  });
});

const sorted = (dump: string) =>
  dump
    .split('\n')
    .map((line) => line.replace(/,$/, ''))
    .sort();
