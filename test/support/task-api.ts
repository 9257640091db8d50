import type { HttpRequest } from '../../src/world.js';
import { bearerOf, gifts, target, tokens } from './deployment.js';
import type { Script, ScriptedReply } from './fake-world.js';

export interface Task {
  readonly id: string;
  readonly owner: string;
  title: string;
}

interface Note {
  readonly task: string;
  readonly title: string;
}

/** Who asks, as the API of the test sees it. */
type Who = 'a' | 'b';

/** How an API of tasks may differ from the healthy one. */
export interface TaskApi {
  /** what B gets for an object of A's; 404 unless given */
  readonly foreign?: (task: Task) => ScriptedReply;
  /** the answer to a list, by who asks, the tasks that are theirs, and all */
  readonly list?: (
    own: readonly Task[],
    all: readonly Task[],
    url: URL,
    who: string,
    request: HttpRequest,
  ) => ScriptedReply;
  readonly create?: (task: Task, keep: () => void) => ScriptedReply;
  /** whose a new task is; its creator's unless given */
  readonly ownerOf?: (who: Who, request: HttpRequest, body: Readonly<Record<string, unknown>>) => Who;
  /** the id of the n-th task; `task-<n>` unless given */
  readonly idOf?: (n: number) => string;
  readonly remove?: (task: Task | undefined, forget: () => void, who: Who) => ScriptedReply;
  readonly change?: (task: Task | undefined, title: string, who: Who, method: string) => ScriptedReply;
  /** the notes under a task; those of the owner's tasks unless given */
  readonly notes?: (task: Task | undefined, notes: readonly Note[], who: Who) => ScriptedReply;
  readonly addNote?: (task: Task | undefined, add: () => void, who: Who) => ScriptedReply;
  /** who `GET /api/me` says it is */
  readonly me?: (who: Who, request: HttpRequest) => ScriptedReply;
}

/** An API of tasks that remembers what it was told: a healthy one, but for what the test bends. */
export function taskApi(
  bent: TaskApi = {},
  already: readonly Task[] = [],
): { readonly http: Script; readonly tasks: Task[] } {
  const tasks = already.map((task) => ({ ...task }));
  const notes: Note[] = [];
  let count = tasks.length;
  const whoIs = (request: HttpRequest): Who => (bearerOf(request) === tokens.a ? 'a' : 'b');
  const idIn = (request: HttpRequest) => decodeURIComponent(new URL(request.url).pathname.split('/')[3] ?? '');
  const collection = (request: HttpRequest): ScriptedReply => {
    const url = new URL(request.url);
    const who = whoIs(request);
    const own = tasks.filter(({ owner }) => owner === who);
    return bent.list?.(own, tasks, url, who, request) ?? { status: 200, json: own };
  };
  const create = (request: HttpRequest): ScriptedReply => {
    const body = JSON.parse(request.body ?? '{}');
    const who = whoIs(request);
    count += 1;
    const id = bent.idOf?.(count) ?? `task-${count}`;
    const task = { id, owner: bent.ownerOf?.(who, request, body) ?? who, title: String(body.title) };
    const keep = () => void tasks.push(task);
    if (bent.create !== undefined) return bent.create(task, keep);
    keep();
    return { status: 201, json: task };
  };
  const item = (request: HttpRequest): ScriptedReply => {
    const at = tasks.findIndex((task) => task.id === idIn(request));
    const task = tasks[at];
    const who = whoIs(request);
    const mine = task !== undefined && task.owner === who;
    if (request.method === 'DELETE') {
      const forget = () => void tasks.splice(tasks.indexOf(task as Task), 1);
      if (bent.remove !== undefined) return bent.remove(task, forget, who);
      if (mine) forget();
      return { status: mine ? 204 : 404 };
    }
    if (request.method === 'PATCH' || request.method === 'PUT') {
      const title = String(JSON.parse(request.body ?? '{}').title);
      if (bent.change !== undefined) return bent.change(task, title, who, request.method);
      if (mine) task.title = title;
      return mine ? { status: 200, json: task } : { status: 404 };
    }
    if (mine) return { status: 200, json: task };
    return (task && bent.foreign?.(task)) ?? { status: 404 };
  };
  const under = (request: HttpRequest): ScriptedReply => {
    const task = tasks.find(({ id }) => id === idIn(request));
    const who = whoIs(request);
    const here = notes.filter((note) => note.task === task?.id);
    if (request.method === 'POST') {
      const add = () =>
        void notes.push({ task: task?.id ?? '', title: String(JSON.parse(request.body ?? '{}').title) });
      if (bent.addNote !== undefined) return bent.addNote(task, add, who);
      if (task?.owner !== who) return { status: 404 };
      add();
      return { status: 201 };
    }
    if (bent.notes !== undefined) return bent.notes(task, here, who);
    return task?.owner === who ? { status: 200, json: here } : { status: 404 };
  };
  const me = (request: HttpRequest): ScriptedReply =>
    bent.me?.(whoIs(request), request) ?? { status: 200, json: { id: `user-${whoIs(request)}` } };
  const http = new Proxy<Record<string, (request: HttpRequest) => ScriptedReply>>(
    {},
    {
      get(_, line: string) {
        if (/^POST \/api\/tasks(\?|$)/.test(line)) return create;
        if (/^GET \/api\/tasks(\?|$)/.test(line)) return collection;
        if (/^GET \/api\/me(\?|$)/.test(line)) return me;
        if (/^GET \/api\/(users?|tasks\/user)\//.test(line)) return () => ({ status: 404 });
        if (/^(GET|HEAD|POST) \/api\/tasks\/[^/]+\/notes$/.test(line)) return under;
        return /^(GET|HEAD|DELETE|PATCH|PUT) \/api\/tasks\//.test(line) ? item : undefined;
      },
    },
  );
  return { http, tasks };
}

export const canary = 'canary-00112233445566778899aabbccddeeff';
/** What `isolation/owner-reads-back` gives of a task of A's. */
export const taskOfA: Task = { id: 'task-1', owner: 'a', title: canary };

const [resource] = target().routes.resources.value;
if (resource === undefined) throw new Error('the target of the tests has no resource');
const control = { method: 'GET', url: '', status: 200, headers: [], text: canary, json: {}, ms: 1 };

/** What the checks of isolation are given: both users, and an object of A's. */
export const pair = {
  session: gifts.session,
  token: gifts.token,
  secondUser: { session: gifts.sessionOfB, token: gifts.tokenOfB },
  object: { resource, id: 'task-1', path: '/api/tasks/task-1', canary, control },
};
