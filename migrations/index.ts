import type { Migration } from 'kysely';
import * as user from './0001_user.js';
import * as session from './0002_session.js';
import * as account from './0003_account.js';
import * as verification from './0004_verification.js';
import * as jwks from './0005_jwks.js';
import * as indexes from './0006_indexes.js';

/**
 * The tables of Better Auth 1.7 (core and the jwt plugin), step by step: what its own migrator makes on an empty
 * database, no more and no less. Append-only: a name that was published is never renamed, moved or edited.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001_user': user,
  '0002_session': session,
  '0003_account': account,
  '0004_verification': verification,
  '0005_jwks': jwks,
  '0006_indexes': indexes,
};

/** Where Kysely's Migrator keeps what it has done. */
export const history = {
  migrationTableName: 'lockstep_migration',
  migrationLockTableName: 'lockstep_migration_lock',
} as const;
