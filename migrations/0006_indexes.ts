import type { Kysely } from 'kysely';

/** The look-ups of every request: sessions and accounts of a user, a verification by what it verifies. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('session_userId_idx').on('session').column('userId').execute();
  await db.schema.createIndex('account_userId_idx').on('account').column('userId').execute();
  await db.schema.createIndex('verification_identifier_idx').on('verification').column('identifier').execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('verification_identifier_idx').execute();
  await db.schema.dropIndex('account_userId_idx').execute();
  await db.schema.dropIndex('session_userId_idx').execute();
}
