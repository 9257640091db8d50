import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { Refusal } from '../http.js';
import type { Tables } from '../tables.js';

/** A thread item as it goes over the wire. */
export interface Item {
  readonly id: string;
  readonly thread_id: string;
  readonly created_at: string;
  readonly type: string;
  readonly content: readonly unknown[];
}

interface Page<T> {
  readonly data: readonly T[];
  readonly has_more: boolean;
  /** left out where there is no more, as the SDK leaves out what is null */
  readonly after?: string;
}

export type Threads = ReturnType<typeof makeThreads>;

/** The ChatKit threads of one user. A foreign thread is a missing thread. */
export function makeThreads(db: Kysely<Tables>, ownerId: string) {
  const mine = db.selectFrom('thread').select(['id', 'createdAt']).where('ownerId', '=', ownerId);

  const metadata = async (id: string) => {
    const thread = await mine.where('id', '=', id).executeTakeFirst();
    if (thread === undefined) throw new Refusal(404, 'not_found');
    return thread;
  };

  return {
    metadata,

    async create() {
      const thread = { id: newId('thr'), ownerId, createdAt: new Date() };
      await db.insertInto('thread').values(thread).execute();
      return wire(thread, { data: [], has_more: false });
    },

    newItem(threadId: string) {
      return { id: newId('msg'), thread_id: threadId, created_at: new Date().toISOString() };
    },

    async add(threadId: string, item: Item): Promise<void> {
      const position = sql<number>`(select count(*) from "threadItem" where "threadId" = ${threadId})`;
      await db
        .insertInto('threadItem')
        .values({ id: item.id, threadId, position, body: JSON.stringify(item) })
        .execute();
    },

    async whole(id: string) {
      const thread = await metadata(id);
      const rows = await db
        .selectFrom('threadItem')
        .select('body')
        .where('threadId', '=', id)
        .orderBy('position')
        .limit(100)
        .execute();
      return wire(thread, { data: rows.map(({ body }) => body), has_more: false });
    },

    /** with its items; a foreign one stays */
    async remove(id: string) {
      await metadata(id);
      await db.deleteFrom('thread').where('id', '=', id).where('ownerId', '=', ownerId).execute();
      return {};
    },

    async list({ limit, order, after }: { limit: number; order: 'asc' | 'desc'; after: string | null }) {
      let threads = mine
        .orderBy('createdAt', order)
        .orderBy('id', order)
        .limit(limit + 1);
      if (after !== null) {
        const { id, createdAt } = await metadata(after);
        threads = threads.where(
          sql<boolean>`("createdAt", "id") ${sql.raw(order === 'asc' ? '>' : '<')} (${createdAt}, ${id})`,
        );
      }
      const rows = await threads.execute();
      const data = rows.slice(0, limit).map((thread) => wire(thread, { data: [], has_more: false }));
      const last = data.at(-1);
      return rows.length > limit && last ? { data, has_more: true, after: last.id } : { data, has_more: false };
    },
  };
}

function wire(thread: { id: string; createdAt: Date }, items: Page<unknown>) {
  return { id: thread.id, created_at: thread.createdAt.toISOString(), status: { type: 'active' }, metadata: {}, items };
}

function newId(prefix: string): string {
  return `${prefix}_${randomBytes(8).toString('hex')}`;
}
