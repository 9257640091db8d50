import type { Kysely } from 'kysely';
import { Refusal } from '../http.js';
import { fault, twin } from '../planted.js';
import type { Tables } from '../tables.js';
import type { Call, Route } from './router.js';

/** `/api/tasks`: rows that belong to whoever made them. A foreign row is a missing row. */
export function taskRoutes(db: Kysely<Tables>): Route[] {
  return [
    { method: 'GET', path: '/api/tasks', run: (call) => list(db, call) },
    { method: 'POST', path: '/api/tasks', run: (call) => create(db, call) },
    { method: 'GET', path: '/api/tasks/:id', run: (call) => read(db, call) },
    { method: 'PATCH', path: '/api/tasks/:id', run: (call) => change(db, call) },
    { method: 'DELETE', path: '/api/tasks/:id', run: (call) => remove(db, call) },
  ];
}

/** Newest first; `?q=` searches titles, `?limit=` and `?offset=` page. `total` counts all that match. */
async function list(db: Kysely<Tables>, { caller, query, json }: Call): Promise<void> {
  const matching = (ownerId: string | null) => {
    let tasks = db.selectFrom('task');
    if (ownerId !== null) tasks = tasks.where('ownerId', '=', ownerId);
    const wanted = query.get('q');
    return wanted === null ? tasks : tasks.where('title', 'ilike', `%${wanted.replaceAll(/[\\%_]/g, '\\$&')}%`);
  };
  let owner: string | null = caller.id;
  if (fault('F149')) owner = null;
  if (fault('F155')) owner = null;
  if (fault('F156')) owner = query.get('userId') ?? owner;
  const counted = fault('F158') ? null : owner;

  const [tasks, { total }] = await Promise.all([
    matching(owner)
      .select(columns)
      .orderBy('createdAt', 'desc')
      .orderBy('id')
      .limit(number(query, 'limit', 50, 200))
      .offset(number(query, 'offset', 0, Number.MAX_SAFE_INTEGER))
      .execute(),
    matching(counted)
      .select((count) => count.fn.countAll<string>().as('total'))
      .executeTakeFirstOrThrow(),
  ]);
  json(200, { tasks, total: Number(total) });
}

async function create(db: Kysely<Tables>, { caller, body, json }: Call): Promise<void> {
  const { title } = await body();
  const now = new Date();
  const task = {
    id: crypto.randomUUID(),
    ownerId: caller.id,
    title: checkedTitle(title),
    done: false,
    createdAt: now,
    updatedAt: now,
  };
  json(201, await db.insertInto('task').values(task).returning(columns).executeTakeFirstOrThrow());
}

async function read(db: Kysely<Tables>, { caller, id, json }: Call): Promise<void> {
  let task = db.selectFrom('task').select(columns).where('id', '=', id);
  if (!fault('F149') && !fault('F150') && !twin('H16')) task = task.where('ownerId', '=', caller.id);
  json(200, found(await task.executeTakeFirst()));
}

async function change(db: Kysely<Tables>, { caller, id, body, json }: Call): Promise<void> {
  const { title, done } = await body();
  if (done !== undefined && typeof done !== 'boolean') throw new Refusal(422, 'done_not_a_boolean');
  const task = await db
    .updateTable('task')
    .set({
      ...(title === undefined ? {} : { title: checkedTitle(title) }),
      ...(done === undefined ? {} : { done }),
      updatedAt: new Date(),
    })
    .where('id', '=', id)
    .where('ownerId', '=', caller.id)
    .returning(columns)
    .executeTakeFirst();
  json(200, found(task));
}

async function remove(db: Kysely<Tables>, { caller, id, json }: Call): Promise<void> {
  const gone = db.deleteFrom('task').where('id', '=', id).where('ownerId', '=', caller.id).returning('id');
  found(await gone.executeTakeFirst());
  json(204);
}

const columns = ['id', 'title', 'done', 'createdAt', 'updatedAt'] as const;

function found<T>(row: T | undefined): T {
  if (row === undefined) throw new Refusal(404, 'not_found');
  return row;
}

function checkedTitle(title: unknown): string {
  if (typeof title !== 'string' || title.trim() === '' || title.length > 500 || title.includes('\0'))
    throw new Refusal(422, 'title_not_a_text');
  return title;
}

function number(query: URLSearchParams, name: string, otherwise: number, most: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (!/^\d{1,15}$/.test(text)) throw new Refusal(422, `${name}_not_a_number`);
  return Math.min(Number(text), most);
}
