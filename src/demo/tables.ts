import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import { history, migrations } from '../../migrations/index.js';

/** The rows of the demo's own tables, which lie beside those of Better Auth, and what it may look at of these. */
export interface Tables {
  user: { id: string; email: string };
  session: { id: string; token: string; userId: string };
  task: { id: string; ownerId: string; title: string; done: boolean; createdAt: Date; updatedAt: Date };
  /** something under a task, whose it is with the task */
  note: { id: string; ownerId: string; taskId: string; title: string; createdAt: Date };
  /** a chat answer: `text` is what the scripted model says to `prompt` */
  message: { id: string; ownerId: string; prompt: string; text: string; createdAt: Date };
  thread: { id: string; ownerId: string; createdAt: Date };
  /** an item of a ChatKit thread; `position` orders them, `body` is the item as it goes over the wire */
  threadItem: { id: string; threadId: string; position: number; body: unknown };
}

/** The demo's own steps, after those of Better Auth. */
const ownMigrations: Readonly<Record<string, Migration>> = {
  '0001_task': {
    async up(db) {
      await owned(db, 'task')
        .addColumn('title', 'text', (column) => column.notNull())
        .addColumn('done', 'boolean', (column) => column.notNull().defaultTo(false))
        .addColumn('updatedAt', 'timestamptz', (column) => column.notNull().defaultTo(sql`CURRENT_TIMESTAMP`))
        .execute();
    },
    down: (db) => db.schema.dropTable('task').execute(),
  },
  '0002_message': {
    async up(db) {
      await owned(db, 'message')
        .addColumn('prompt', 'text', (column) => column.notNull())
        .addColumn('text', 'text', (column) => column.notNull())
        .execute();
    },
    down: (db) => db.schema.dropTable('message').execute(),
  },
  '0003_thread': {
    async up(db) {
      await owned(db, 'thread').execute();
      await db.schema
        .createTable('threadItem')
        .addColumn('id', 'text', (column) => column.notNull().primaryKey())
        .addColumn('threadId', 'text', (column) => column.notNull().references('thread.id').onDelete('cascade'))
        .addColumn('position', 'integer', (column) => column.notNull())
        .addColumn('body', 'jsonb', (column) => column.notNull())
        .addUniqueConstraint('threadItem_order', ['threadId', 'position'])
        .execute();
    },
    async down(db) {
      await db.schema.dropTable('threadItem').execute();
      await db.schema.dropTable('thread').execute();
    },
  },
  '0004_note': {
    async up(db) {
      await owned(db, 'note')
        .addColumn('taskId', 'text', (column) => column.notNull().references('task.id').onDelete('cascade'))
        .addColumn('title', 'text', (column) => column.notNull())
        .execute();
    },
    down: (db) => db.schema.dropTable('note').execute(),
  },
};

// biome-ignore lint/suspicious/noExplicitAny: the type of a database in Kysely's Migration
function owned(db: Kysely<any>, name: string) {
  return db.schema
    .createTable(name)
    .addColumn('id', 'text', (column) => column.notNull().primaryKey())
    .addColumn('ownerId', 'text', (column) => column.notNull().references('user.id').onDelete('cascade'))
    .addColumn('createdAt', 'timestamptz', (column) => column.notNull().defaultTo(sql`CURRENT_TIMESTAMP`));
}

/** Brings a database to what the demo needs: the tables of Better Auth, then the demo's own. `schema` holds them all. */
export async function migrate(db: Kysely<unknown>, schema: string): Promise<void> {
  await toLatest(db, schema, migrations, history);
  await toLatest(db, schema, ownMigrations, {
    migrationTableName: 'demo_migration',
    migrationLockTableName: 'demo_migration_lock',
  });
}

async function toLatest(
  db: Kysely<unknown>,
  schema: string,
  steps: Readonly<Record<string, Migration>>,
  names: { migrationTableName: string; migrationLockTableName: string },
): Promise<void> {
  const provider = { getMigrations: async () => ({ ...steps }) };
  const migrator = new Migrator({ db, provider, migrationTableSchema: schema, ...names });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
