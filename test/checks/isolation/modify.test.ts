import check from '../../../src/checks/isolation/modify.js';
import type { HttpRequest } from '../../../src/world.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';
import type { Task } from '../../support/task-api.js';
import { pair, taskApi } from '../../support/task-api.js';

const { object, ...people } = pair;
const saved = (task: Task | undefined): ScriptedReply => ({ status: 200, json: task });
/** Only the owner changes it, unless B's method is `weak`. */
const changes = (weak: (who: string, method: string) => boolean, foreign: ScriptedReply = { status: 404 }) =>
  taskApi({
    change(task, title, who, method) {
      if (task === undefined || (task.owner !== who && !weak(who, method))) return foreign;
      task.title = title;
      return saved(task);
    },
  });

/** Whoever may remove marks it as removed, and it goes on being shown. */
const softly = (...may: string[]) => {
  const gone = new Set<Task>();
  const api = taskApi({
    remove(task, _, who) {
      if (task === undefined || !may.includes(who)) return { status: 404 };
      gone.add(task);
      return { status: 204 };
    },
  });
  const http = new Proxy(api.http, {
    get: (other, line: string) => (request: HttpRequest) => {
      const reply = (other[line] as (request: HttpRequest) => ScriptedReply)(request);
      const shown = api.tasks.find(({ id }) => line === `GET /api/tasks/${id}`);
      return reply.status === 200 && shown !== undefined && gone.has(shown)
        ? { status: 200, json: { ...shown, deletedAt: '2026-01-01T00:00:00Z' } }
        : reply;
    },
  });
  return { http };
};

describeCheck(check, {
  given: { ...people, example: object },
  passes: {
    'B gets 404 for all': taskApi(),
    'B gets 403 for all': taskApi({
      change(task, title, who) {
        if (task?.owner !== who) return { status: 403 };
        task.title = title;
        return saved(task);
      },
      remove(task, forget, who) {
        if (task?.owner !== who) return { status: 403 };
        forget();
        return { status: 204 };
      },
    }),
    'a removed object is shown with the time of its removal': softly('a'),
    'nothing can be changed, and the owner alone can remove': taskApi({ change: () => ({ status: 405 }) }),
  },
  reports: {
    changed: {
      'PATCH has no owner': changes((who, method) => who === 'b' && method === 'PATCH'),
      'PUT has no owner': changes((who, method) => who === 'b' && method === 'PUT'),
      'it is changed under an error status': taskApi({
        change(task, title, who) {
          if (task !== undefined) task.title = title;
          return task?.owner === who ? saved(task) : { status: 500 };
        },
      }),
      'a foreign PUT takes it over': taskApi({
        change(task, title, who, method) {
          if (task === undefined) return { status: 404 };
          if (task.owner !== who && method !== 'PUT') return { status: 403 };
          Object.assign(task, { owner: who, title });
          return saved(task);
        },
        foreign: () => ({ status: 403 }),
      }),
      'a foreign change only empties it': taskApi({
        change(task, title, who) {
          if (task !== undefined) task.title = task.owner === who ? title : '';
          return { status: 200 };
        },
      }),
    },
    removed: {
      'DELETE has no owner, and what is removed is still shown': softly('a', 'b'),
      'DELETE has no owner': taskApi({
        remove(_, forget) {
          forget();
          return { status: 204 };
        },
      }),
      'it is removed under an error status': taskApi({
        remove(task, forget, who) {
          forget();
          return { status: task?.owner === who ? 204 : 404 };
        },
      }),
    },
    misleading: {
      'a foreign DELETE is answered 204 and does nothing': taskApi({
        remove(task, forget, who) {
          if (task?.owner === who) forget();
          return { status: 204 };
        },
      }),
      'a foreign PATCH is answered 200 and does nothing': changes(() => false, { status: 200 }),
    },
  },
  skips: {
    'the body of a change is not understood, whoever sends it': taskApi({ change: () => ({ status: 422 }) }),
    'a change wants If-Match': taskApi({ change: () => ({ status: 428 }) }),
    'the owner can neither change nor remove': {
      ...taskApi({ change: () => ({ status: 405 }), remove: () => ({ status: 405 }) }),
      leaves: true,
    },
  },
  inconclusive: {
    'nothing is created': taskApi({ create: () => ({ status: 402 }) }),
    'the owner does not see it': taskApi({ create: () => ({ status: 201, json: { id: 'task-7' } }) }),
  },
});
