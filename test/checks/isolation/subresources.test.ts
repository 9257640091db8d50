import check from '../../../src/checks/isolation/subresources.js';
import { describeCheck } from '../../support/describe-check.js';
import type { TaskApi } from '../../support/task-api.js';
import { pair, taskApi, taskOfA } from '../../support/task-api.js';

const api = (bent: TaskApi = {}) => taskApi(bent, [taskOfA]);
const object = { ...pair.object, resource: { ...pair.object.resource, children: ['/api/tasks/{id}/notes'] } };

describeCheck(check, {
  given: { ...pair, object },
  passes: {
    'B gets 404': api(),
    'B gets an empty list': api({
      notes: (task, notes, who) => ({ status: 200, json: task?.owner === who ? notes : [] }),
    }),
  },
  reports: {
    leaked: {
      'the owner of the parent is not asked for': api({ notes: (_, notes) => ({ status: 200, json: notes }) }),
      'it leaks under an error status': api({
        notes: (task, notes, who) => ({ status: task?.owner === who ? 200 : 403, json: notes }),
      }),
      'nothing can be put there, and the parent shows': api({
        addNote: () => ({ status: 405 }),
        notes: (task) => ({ status: 200, json: { of: task } }),
      }),
    },
  },
  skips: {
    'nothing of the owner shows there': api({ addNote: () => ({ status: 405 }) }),
    'no route under it is declared': { ...api(), given: { object: pair.object } },
  },
  inconclusive: {
    'the owner has lost it meanwhile': (() => {
      let times = 0;
      return api({
        notes(task, notes, who) {
          if (task?.owner !== who) return { status: 404 };
          times += 1;
          return { status: 200, json: times > 1 ? [] : notes };
        },
      });
    })(),
  },
});
