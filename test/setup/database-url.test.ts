import { expect, test } from 'vitest';
import { Secret } from '../../src/core/secret.js';
import type { Driver } from '../../src/setup/database-url.js';
import { databaseFault, forDriver, sameDatabase } from '../../src/setup/database-url.js';

const neon = 'postgresql://u:p%40ss@ep-x.neon.tech/app?sslmode=require&channel_binding=require';

test.each<[string, Driver, string]>([
  // SQLAlchemy hands each parameter to asyncpg.connect(), which knows ssl and neither of the others
  [neon, 'asyncpg', 'postgresql+asyncpg://u:p%40ss@ep-x.neon.tech/app?ssl=require'],
  [neon, 'pg', neon],
  [neon, 'psycopg', neon],
  ['postgres://h/db', 'asyncpg', 'postgresql+asyncpg://h/db'],
  ['postgres://h/db', 'pg', 'postgres://h/db'],
  ['postgresql+asyncpg://u:p@h:5432/db?ssl=verify-full', 'pg', 'postgresql://u:p@h:5432/db?sslmode=verify-full'],
  ['postgresql+asyncpg://u:p@h/db?ssl=require', 'asyncpg', 'postgresql+asyncpg://u:p@h/db?ssl=require'],
  ['postgresql+psycopg2://h/db', 'psycopg', 'postgresql://h/db'],
  ['postgresql://h/db?channel_binding=require', 'asyncpg', 'postgresql+asyncpg://h/db'],
  [
    'postgresql://h/db?application_name=a%26b&sslmode=disable',
    'asyncpg',
    'postgresql+asyncpg://h/db?application_name=a%26b&ssl=disable',
  ],
])('%s for %s is %s', (url, driver, expected) => {
  expect(forDriver(new Secret(url), driver).reveal()).toBe(expected);
});

test('two dialects of one URL are the same database; another host, password or mode of TLS is not', () => {
  const same = (one: string, other: string) => sameDatabase(new Secret(one), new Secret(other));
  expect(same(neon, forDriver(new Secret(neon), 'asyncpg').reveal())).toBe(true);
  expect(same('postgres://h/db', 'postgresql+asyncpg://h/db')).toBe(true);
  expect(same(neon, neon.replace('ep-x', 'ep-y'))).toBe(false);
  expect(same(neon, neon.replace('p%40ss', 'other'))).toBe(false);
  expect(same(neon, neon.replace('=require', '=disable'))).toBe(false);
});

test.each([
  'mysql://h/db',
  'postgresql://',
  'postgresql://h/db\n',
  'postgresql://u:p#x@h/db',
  'postgresql://u:p@h:port/db',
  '',
])('%j is no database URL, and what is said does not quote it', (text) => {
  const fault = databaseFault(text);
  expect(fault).not.toBeNull();
  expect(fault).not.toContain('u:p');
});

test.each([neon, 'postgres://localhost', 'postgresql+asyncpg://u@h:5432/db', 'postgresql:///db?host=/var/run'])(
  '%s is one',
  (text) => {
    expect(databaseFault(text)).toBeNull();
  },
);
