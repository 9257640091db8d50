import { Kysely, PostgresDialect } from 'kysely';
import { openPool } from './pool.js';

/** A query builder over a pool of at most `max` connections. Whoever connects destroys. */
export function connect<Tables>(url: string, max: number): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: openPool(url, max) }) });
}
