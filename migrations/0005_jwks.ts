import type { Kysely } from 'kysely';
import { type Ids, textIds } from './ids.js';

/** The key pairs of the jwt plugin; `privateKey` is encrypted under the secret. */
export async function up(db: Kysely<unknown>, ids: Ids = textIds): Promise<void> {
  await db.schema
    .createTable('jwks')
    .addColumn('id', ids.type, ids.key)
    .addColumn('publicKey', 'text', (column) => column.notNull())
    .addColumn('privateKey', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'timestamptz', (column) => column.notNull())
    .addColumn('expiresAt', 'timestamptz')
    .addColumn('alg', 'text')
    .addColumn('crv', 'text')
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('jwks').execute();
}
