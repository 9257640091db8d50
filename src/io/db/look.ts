import { hashes } from 'virtual:migration-hashes';
import { history } from '../../../migrations/history.js';
import { authTableNames, folded } from '../../auth-schema/catalogue.js';
import { type Ledger, type LedgerRow, readLedger } from '../../auth-schema/ledger.js';
import { identifier, literal } from '../../auth-schema/sql.js';
import { LockstepError } from '../../core/errors.js';
import { Exit } from '../../core/exit.js';
import type { Db } from './open.js';

/** What one round trip tells of a database. */
export interface Look {
  readonly database: string;
  readonly user: string;
  /** what a server and its replicas were given when they were made, and no other has; null where this user may not read it */
  readonly system: string | null;
  /** where the tables are, or will be made */
  readonly schema: string;
  /** all tables of that schema */
  readonly tables: readonly string[];
  /** null where nothing was ever recorded */
  readonly ledger: Ledger;
  /** the ledger as it was read: equal texts, equal ledgers */
  readonly seal: string;
}

export { hashes };

/**
 * Looks at the ledger, and where one is. `schema`: instead of the first one of the search path. One message, one
 * transaction that only reads, and no error where there is no ledger yet.
 */
export async function look(db: Db, schema: string | null): Promise<Look> {
  const results = await db.send(`begin read only; ${lookSql(schema)}; commit`);
  return lookOf(results, db.place, schema);
}

/** The statements of a look, for a transaction that is open. The answer is the only row with a `look` in it. */
export function lookSql(schema: string | null): string {
  const path =
    schema === null
      ? `select set_config('search_path', coalesce(quote_ident(current_schema()), ''), true)`
      : `select set_config('search_path', ${literal(identifier(schema))}, true)`;
  const ledger = literal(history.migrationTableName);
  return `${path};
do $lockstep$
declare found text;
begin
  -- not to_regclass: under the lock it may still remember that there was none
  if exists (select from pg_class where relname = ${ledger}
      and relnamespace = (select oid from pg_namespace where nspname = current_schema())) then
    execute format('select json_agg(m order by timestamp, name) from %I.%I m', current_schema(), ${ledger}) into found;
  end if;
  perform set_config('lockstep.ledger', coalesce(found, ''), true);
  begin
    perform set_config('lockstep.system', (select system_identifier::text from pg_control_system()), true);
  exception when others then
    perform set_config('lockstep.system', '', true);
  end;
end $lockstep$;
select json_build_object('database', current_database(), 'user', current_user, 'schema', current_schema(),
  'tables', (select coalesce(json_agg(relname order by relname), '[]') from pg_class where relkind in ('r', 'p')
    and relnamespace = (select oid from pg_namespace where nspname = current_schema())),
  'ledger', current_setting('lockstep.ledger', true), 'system', current_setting('lockstep.system', true)) as look`;
}

/** What the answers to `lookSql`, among others, say. */
export function lookOf(
  results: readonly (readonly Record<string, unknown>[])[],
  place: string,
  schema: string | null,
): Look {
  const row = results.flat().find((one) => 'look' in one)?.look as Raw;
  if (row.schema === null) {
    const named = schema === null ? 'no schema of the search path exists' : `there is no schema ${schema}`;
    const hint = `create it: create schema ${schema ?? 'NAME'}`;
    throw new LockstepError('no-such-schema', `${place}: ${named}`, { exit: Exit.usage, hint });
  }
  const rows = (row.ledger === '' || row.ledger === null ? [] : JSON.parse(row.ledger)) as Partial<LedgerRow>[];
  const complete = rows.map(({ name = '', timestamp = '', hash = null, adopted = false }) => ({
    name,
    timestamp,
    hash,
    adopted,
  }));
  return {
    database: row.database,
    user: row.user,
    system: row.system || null,
    schema: row.schema,
    tables: row.tables,
    ledger: readLedger(complete, hashes),
    seal: row.ledger ?? '',
  };
}

interface Raw {
  readonly database: string;
  readonly user: string;
  readonly schema: string | null;
  readonly tables: readonly string[];
  readonly ledger: string | null;
  readonly system: string | null;
}

/**
 * Host, port and names say where a database is to be, not which one answers there. `expected`: the system that it must be
 * of; null where nobody said.
 */
export function proveSystem({ system }: Look, place: string, expected: string | null): void {
  if (expected === null || system === expected) return;
  if (system === null) {
    throw new LockstepError('unproven-database', `${place} does not tell its system id, which --expect-db-id wants`, {
      exit: Exit.usage,
      hint: 'nothing was changed. It is that of pg_control_system(), which this user may not call',
    });
  }
  throw new LockstepError(
    'another-database',
    `${place} is another database than expected: its system id is ${system}`,
    {
      exit: Exit.usage,
      hint: 'nothing was changed. See host and port: something else listens there than you mean, or --expect-db-id is of another one',
    },
  );
}

/** The tables of Better Auth among those of a look. */
export function authTables({ tables }: Look): string[] {
  return tables.filter((name) => authTableNames.has(folded(name)));
}

/** The tables of somebody else: the application's. */
export function otherTables({ tables }: Look): string[] {
  const own: readonly string[] = Object.values(history);
  return tables.filter((name) => !authTableNames.has(folded(name)) && !own.includes(name));
}
