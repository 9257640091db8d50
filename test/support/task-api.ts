import type { HttpRequest } from '../../src/world.js';
import { bearerOf, tokens } from './deployment.js';
import type { Script, ScriptedReply } from './fake-world.js';

interface Task {
  readonly id: string;
  readonly owner: string;
  readonly title: string;
}

/** How an API of tasks may differ from the healthy one. */
export interface TaskApi {
  /** what B gets for an object of A's; 404 unless given */
  readonly foreign?: (task: Task) => ScriptedReply;
  /** the answer to a list, by who asks, the tasks that are theirs, and all */
  readonly list?: (own: readonly Task[], all: readonly Task[], url: URL, who: string) => ScriptedReply;
  readonly create?: (task: Task) => ScriptedReply;
  readonly remove?: (task: Task | undefined, forget: () => void) => ScriptedReply;
}

/** An API of tasks that remembers what it was told: a healthy one, but for what the test bends. */
export function taskApi(
  bent: TaskApi = {},
  already: readonly Task[] = [],
): { readonly http: Script; readonly tasks: Task[] } {
  const tasks = [...already];
  const whoIs = (request: HttpRequest) => (bearerOf(request) === tokens.a ? 'a' : 'b');
  const collection = (request: HttpRequest): ScriptedReply => {
    const url = new URL(request.url);
    const who = whoIs(request);
    const own = tasks.filter(({ owner }) => owner === who);
    return bent.list?.(own, tasks, url, who) ?? { status: 200, json: own };
  };
  const item = (request: HttpRequest): ScriptedReply => {
    const id = decodeURIComponent(new URL(request.url).pathname.split('/').at(-1) ?? '');
    const at = tasks.findIndex((task) => task.id === id);
    const task = tasks[at];
    const mine = task !== undefined && task.owner === whoIs(request);
    if (request.method === 'DELETE') {
      const forget = () => void tasks.splice(at, 1);
      if (bent.remove !== undefined) return bent.remove(task, forget);
      if (mine) forget();
      return { status: mine ? 204 : 404 };
    }
    if (mine) return { status: 200, json: task };
    return (task && bent.foreign?.(task)) ?? { status: 404 };
  };
  const http = new Proxy<Record<string, (request: HttpRequest) => ScriptedReply>>(
    {},
    {
      get(_, line: string) {
        if (line === 'POST /api/tasks') {
          return ({ body = '{}', ...request }: HttpRequest) => {
            const task = {
              id: `task-${tasks.length + 1}`,
              owner: whoIs(request as HttpRequest),
              title: String(JSON.parse(body).title),
            };
            if (bent.create !== undefined) return bent.create(task);
            tasks.push(task);
            return { status: 201, json: task };
          };
        }
        if (/^GET \/api\/tasks(\?|$)/.test(line)) return collection;
        return /^(GET|HEAD|DELETE) \/api\/tasks\//.test(line) ? item : undefined;
      },
    },
  );
  return { http, tasks };
}
