import check from '../../../src/checks/isolation/modify.js';
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
      'a foreign change only empties it': taskApi({
        change(task, title, who) {
          if (task !== undefined) task.title = task.owner === who ? title : '';
          return { status: 200 };
        },
      }),
    },
    removed: {
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
