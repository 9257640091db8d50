import { type Kysely, sql } from 'kysely';
import { type Ids, textIds } from './ids.js';

/** Values that were sent to somebody and are awaited back: e-mail verification, password reset. */
export async function up(db: Kysely<unknown>, ids: Ids = textIds): Promise<void> {
  await db.schema
    .createTable('verification')
    .addColumn('id', ids.type, ids.key)
    .addColumn('identifier', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('expiresAt', 'timestamptz', (column) => column.notNull())
    .addColumn('createdAt', 'timestamptz', (column) => column.notNull().defaultTo(sql`CURRENT_TIMESTAMP`))
    .addColumn('updatedAt', 'timestamptz', (column) => column.notNull().defaultTo(sql`CURRENT_TIMESTAMP`))
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('verification').execute();
}
