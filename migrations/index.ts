import type { Kysely } from 'kysely';
import * as user from './0001_user.js';
import * as session from './0002_session.js';
import * as account from './0003_account.js';
import * as verification from './0004_verification.js';
import * as jwks from './0005_jwks.js';
import * as indexes from './0006_indexes.js';
import * as rateLimit from './0007_rateLimit.js';
import type { Ids } from './ids.js';

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

/** Steps of tables that Better Auth wants only where it is configured so, by the name of the option. Append-only, too. */
export const optional = {
  rateLimit: { '0007_rateLimit': rateLimit },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Step>>>>;

/** Where Kysely's Migrator keeps what it has done. */
export const history = {
  migrationTableName: 'lockstep_migration',
  migrationLockTableName: 'lockstep_migration_lock',
} as const;
