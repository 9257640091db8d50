import type { Kysely } from 'kysely';
import { Refusal } from '../http.js';
import { fault, twin } from '../planted.js';
import type { Tables } from '../tables.js';
import type { Call, Route } from './router.js';
import { checkedTitle } from './title.js';

/** `/api/tasks`: rows that belong to whoever made them. A foreign row is a missing row. */
export function taskRoutes(db: Kysely<Tables>): Route[] {
  return [
    { method: 'GET', path: '/api/tasks', run: (call) => list(db, call) },
    { method: 'POST', path: '/api/tasks', run: (call) => create(db, call) },
    { method: 'GET', path: '/api/tasks/:id', run: (call) => read(db, call) },
    { method: 'PATCH', path: '/api/tasks/:id', run: (call) => change(db, call) },
    { method: 'PUT', path: '/api/tasks/:id', run: (call) => change(db, call) },
    { method: 'DELETE', path: '/api/tasks/:id', run: (call) => remove(db, call) },
    { method: 'GET', path: '/api/users/:id/tasks', run: (call) => listOfUser(db, call) },
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
  if (fault('F161')) owner = query.get('user_id') ?? owner;
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

/** The same list, by the path of its owner. */
async function listOfUser(db: Kysely<Tables>, { caller, id, json }: Call): Promise<void> {
  if (id !== caller.id && !fault('F162')) throw new Refusal(404, 'not_found');
  const tasks = db.selectFrom('task').select(columns).where('ownerId', '=', id).orderBy('createdAt', 'desc').limit(200);
  json(200, { tasks: await tasks.execute() });
}

async function create(db: Kysely<Tables>, { caller, request, body, json }: Call): Promise<void> {
  const { title } = await body();
  const now = new Date();
  const task = {
    id: fault('F173') ? String(counter++) : crypto.randomUUID(),
    ownerId: fault('F177') ? await ownerByCookie(db, caller.id, request.headers.cookie) : caller.id,
    title: checkedTitle(title),
    done: false,
    createdAt: now,
    updatedAt: now,
  };
  json(201, await db.insertInto('task').values(task).returning(columns).executeTakeFirstOrThrow());
}

/** ids that are counted up, in this process */
let counter = 1000;

/** Whom the session cookie names: the row is looked up by its token, the part before the dot. */
async function ownerByCookie(db: Kysely<Tables>, otherwise: string, cookies = ''): Promise<string> {
  const token = /session_token=([^;.]+)/.exec(cookies)?.[1];
  if (token === undefined) return otherwise;
  const session = db.selectFrom('session').select('userId').where('token', '=', decodeURIComponent(token));
  return (await session.executeTakeFirst())?.userId ?? otherwise;
}

async function read(db: Kysely<Tables>, { caller, id, json }: Call): Promise<void> {
  let task = db.selectFrom('task').select(columns).where('id', '=', id);
  if (fault('F180')) await nameTheOwner(db, id, caller.id);
  if (!fault('F149') && !fault('F150') && !fault('F173') && !twin('H16')) task = task.where('ownerId', '=', caller.id);
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
    .$if(!fault('F152'), (task) => task.where('ownerId', '=', caller.id))
    .returning(columns)
    .executeTakeFirst();
  json(200, found(task));
}

async function remove(db: Kysely<Tables>, { caller, id, json }: Call): Promise<void> {
  let gone = db.deleteFrom('task').where('id', '=', id);
  if (!fault('F153')) gone = gone.where('ownerId', '=', caller.id);
  found(await gone.returning('id').executeTakeFirst());
  json(204);
}

async function nameTheOwner(db: Kysely<Tables>, id: string, callerId: string): Promise<void> {
  const owner = db
    .selectFrom('task')
    .innerJoin('user', 'user.id', 'task.ownerId')
    .select(['user.id', 'user.email'])
    .where('task.id', '=', id);
  const { id: ownerId, email } = (await owner.executeTakeFirst()) ?? {};
  if (ownerId !== undefined && ownerId !== callerId) throw new Refusal(403, `belongs to ${email}`);
}

const columns = ['id', 'title', 'done', 'createdAt', 'updatedAt'] as const;

function found<T>(row: T | undefined): T {
  if (row === undefined) throw new Refusal(404, 'not_found');
  return row;
}

function number(query: URLSearchParams, name: string, otherwise: number, most: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (!/^\d{1,15}$/.test(text)) throw new Refusal(422, `${name}_not_a_number`);
  return Math.min(Number(text), most);
}
