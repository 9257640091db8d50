import type { Kysely } from 'kysely';
import { type Ids, textIds } from './ids.js';

/** How often whom has called: only where `rateLimit.storage` is `database`. */
export async function up(db: Kysely<unknown>, ids: Ids = textIds): Promise<void> {
  await db.schema
    .createTable('rateLimit')
    .addColumn('id', ids.type, ids.key)
    .addColumn('key', 'text', (column) => column.notNull().unique())
    .addColumn('count', 'integer', (column) => column.notNull())
    .addColumn('lastRequest', 'bigint', (column) => column.notNull())
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('rateLimit').execute();
}
