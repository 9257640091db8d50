import type { Kysely } from 'kysely';
import * as user from './0001_user.js';
import * as session from './0002_session.js';
import * as account from './0003_account.js';
import * as verification from './0004_verification.js';
import * as jwks from './0005_jwks.js';
import * as indexes from './0006_indexes.js';
import * as rateLimit from './0007_rateLimit.js';
import { type Ids, idsOf } from './ids.js';
import type { Layout, OptionalSet, optionalSteps } from './layout.js';

/** One step, there and back. Kysely calls `up` without `ids`: texts. */
export interface Step {
  up(db: Kysely<unknown>, ids?: Ids): Promise<void>;
  down(db: Kysely<unknown>): Promise<void>;
}

/**
 * The tables of Better Auth 1.7 (core and the jwt plugin), step by step: what its own migrator makes on an empty
 * database, no more and no less. Append-only: a name that was published is never renamed, moved or edited.
 */
export const migrations: Readonly<Record<string, Step>> = {
  '0001_user': user,
  '0002_session': session,
  '0003_account': account,
  '0004_verification': verification,
  '0005_jwks': jwks,
  '0006_indexes': indexes,
};

/** The steps of the optional sets. Append-only, too. */
const optional: { readonly [S in OptionalSet]: Readonly<Record<(typeof optionalSteps)[S][number], Step>> } = {
  rateLimit: { '0007_rateLimit': rateLimit },
};

/** The steps that a database with these choices takes, for Kysely's Migrator. */
export function stepsFor({ id }: Layout, sets: readonly OptionalSet[]): Record<string, Step> {
  const ids = idsOf(id);
  const chosen: Record<string, Step> = Object.assign({}, migrations, ...sets.map((set) => optional[set]));
  return Object.fromEntries(
    Object.entries(chosen).map(([name, { up, down }]) => [name, { up: (db) => up(db, ids), down }]),
  );
}

export { history } from './history.js';
