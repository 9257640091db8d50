import { type Kysely, sql } from 'kysely';
import { type Ids, textIds } from './ids.js';

/** The people who can sign in. */
export async function up(db: Kysely<unknown>, ids: Ids = textIds): Promise<void> {
  await db.schema
    .createTable('user')
    .addColumn('id', ids.type, ids.key)
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('emailVerified', 'boolean', (column) => column.notNull())
    .addColumn('image', 'text')
    .addColumn('createdAt', 'timestamptz', (column) => column.notNull().defaultTo(sql`CURRENT_TIMESTAMP`))
    .addColumn('updatedAt', 'timestamptz', (column) => column.notNull().defaultTo(sql`CURRENT_TIMESTAMP`))
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('user').execute();
}
