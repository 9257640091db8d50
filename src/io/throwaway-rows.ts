import { literal } from '../auth-schema/sql.js';
import type { Secret } from '../core/secret.js';
import type { Db, DbWorld } from './db/open.js';

const tables = ['user', 'session', 'account'];

/**
 * Whether users can be removed in this database, and it is that of the auth server which publishes `keys`: one of them
 * is a row in it. In words why not; null when they can.
 */
export async function whyRowsStay(url: Secret, keys: readonly string[], world: DbWorld): Promise<string | null> {
  return inDb(url, 'lockstep check', world, async (db) => {
    const asked = tables.map(
      (name) => `has_table_privilege(to_regclass(${literal(`"${name}"`)}), 'DELETE') as "${name}"`,
    );
    const rows = await db.send(`select ${asked.join(', ')}, to_regclass('jwks') is not null as keys`);
    const [row = {}] = rows[0] ?? [];
    const missing = tables.filter((name) => row[name] !== true);
    if (missing.length > 0) return `${db.place} has no ${missing.join(', ')} from which rows may be deleted`;
    const known = row.keys === true ? ((await db.send('select id::text as id from jwks'))[0] ?? []) : [];
    if (known.some(({ id }) => keys.includes(String(id)))) return null;
    return `the database given has no key in common with the auth server`;
  });
}

/** Removes a user by address, with sessions and accounts, in one transaction. Resolves to how many users it were. */
export async function removeRows(url: Secret, email: string, world: DbWorld): Promise<number> {
  return inDb(url, 'lockstep cleanup', world, async (db) => {
    const ids = `select id from "user" where email = ${literal(email.toLowerCase())}`;
    // older tables have no ON DELETE CASCADE
    const removals = ['session', 'account'].map((name) => `delete from "${name}" where "userId" in (${ids})`);
    const results = await db.send(
      `begin; set local statement_timeout = '10s'; ${removals.join('; ')}; delete from "user" where id in (${ids}) returning id; commit`,
    );
    return (results.at(-2) ?? []).length;
  });
}

/** The driver is loaded when rows are really looked at: most runs are given no database. */
async function inDb<T>(url: Secret, application: string, world: DbWorld, use: (db: Db) => Promise<T>): Promise<T> {
  const { usingDb } = await import('./db/open.js');
  return usingDb(url, { application, source: 'the database', waitMs: 0, world }, use);
}
