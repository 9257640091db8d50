import { type Kysely, sql } from 'kysely';
import { type Ids, textIds } from './ids.js';

/** Who is signed in, by which token. */
export async function up(db: Kysely<unknown>, ids: Ids = textIds): Promise<void> {
  await db.schema
    .createTable('session')
    .addColumn('id', ids.type, ids.key)
    .addColumn('expiresAt', 'timestamptz', (column) => column.notNull())
    .addColumn('token', 'text', (column) => column.notNull().unique())
    .addColumn('createdAt', 'timestamptz', (column) => column.notNull().defaultTo(sql`CURRENT_TIMESTAMP`))
    .addColumn('updatedAt', 'timestamptz', (column) => column.notNull())
    .addColumn('ipAddress', 'text')
    .addColumn('userAgent', 'text')
    .addColumn('userId', ids.type, (column) => column.notNull().references('user.id').onDelete('cascade'))
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('session').execute();
}
