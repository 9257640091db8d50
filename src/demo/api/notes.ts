import type { Kysely } from 'kysely';
import { Refusal } from '../http.js';
import { fault } from '../planted.js';
import type { Tables } from '../tables.js';
import type { Call, Route } from './router.js';
import { checkedTitle } from './title.js';

/** `/api/tasks/:id/notes`: what lies under a task. Under a foreign task there is nothing. */
export function noteRoutes(db: Kysely<Tables>): Route[] {
  return [
    { method: 'GET', path: '/api/tasks/:id/notes', run: (call) => list(db, call) },
    { method: 'POST', path: '/api/tasks/:id/notes', run: (call) => add(db, call) },
  ];
}

async function list(db: Kysely<Tables>, { caller, id, json }: Call): Promise<void> {
  if (!fault('F171')) await ownTask(db, caller.id, id);
  const notes = db.selectFrom('note').select(columns).where('taskId', '=', id).orderBy('createdAt').limit(200);
  json(200, { notes: await notes.execute() });
}

async function add(db: Kysely<Tables>, { caller, id, body, json }: Call): Promise<void> {
  if (!fault('F170')) await ownTask(db, caller.id, id);
  const { title } = await body();
  const note = {
    id: crypto.randomUUID(),
    ownerId: caller.id,
    taskId: id,
    title: checkedTitle(title),
    createdAt: new Date(),
  };
  json(201, await db.insertInto('note').values(note).returning(columns).executeTakeFirstOrThrow());
}

async function ownTask(db: Kysely<Tables>, ownerId: string, id: string): Promise<void> {
  const task = db.selectFrom('task').select('id').where('id', '=', id).where('ownerId', '=', ownerId);
  if ((await task.executeTakeFirst()) === undefined) throw new Refusal(404, 'not_found');
}

const columns = ['id', 'taskId', 'title', 'createdAt'] as const;
