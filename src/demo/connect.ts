import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';

/** A pool of at most `max` connections. Whoever connects destroys. */
export function connect<Tables>(url: string, max: number): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: openPool(url, max) }) });
}

/** The bare pool, for those that bring their own query builder. */
export function openPool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max });
  // an idle connection that the database closed is replaced at the next query: no reason to die
  pool.on('error', () => {});
  return pool;
}
