import check from '../../../src/checks/isolation/owner-reads-back.js';
import type { Reply } from '../../../src/core/reply.js';
import { gifts, target } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import { taskApi } from '../../support/task-api.js';

const answer: Reply = { method: 'GET', url: '', status: 200, headers: [], text: '', json: {}, ms: 1 };
const assumed = {
  target: { routes: { ...target().routes, resources: { ...target().routes.resources, declared: false } } },
};
/** `--tasks /api/tasks`: the collection is given, and nothing is known of what it takes. */
const bare = {
  target: {
    routes: {
      ...target().routes,
      resources: { value: target().routes.resources.value.map((one) => ({ ...one, assumed: true })), declared: true },
    },
  },
};
const refusing = taskApi({ create: () => ({ status: 422 }) });
const wrapping = (wrap: (task: object) => object) => {
  const api = taskApi({
    create(task) {
      api.tasks.push(task);
      return { status: 201, json: wrap(task) };
    },
  });
  return api;
};
const elsewhere = () => wrapping((task) => ({ made: { task } }));
const forgetting = taskApi({ create: (task) => ({ status: 201, json: task }) });

describeCheck(check, {
  given: { token: gifts.token, route: { path: '/api/me', control: answer, anonymous: answer, names: [] } },
  passes: {
    'the object holds what was stored': taskApi(),
    'the answer to a create has no body, and Location names the object': (() => {
      const api = taskApi({
        create(task, keep) {
          keep();
          return { status: 201, headers: [['location', `/api/tasks/${task.id}`]] };
        },
      });
      return api;
    })(),
    'the answer wraps the object': wrapping((data) => ({ data })),
    'the answer wraps the object by its name': wrapping((task) => ({ task })),
    'a removal answers 200 with a page, and removes': taskApi({
      remove(_, forget) {
        forget();
        return { status: 200, text: '<html>' };
      },
    }),
    'a removal is not offered: it stays, and that is said': {
      ...taskApi({ remove: () => ({ status: 405 }) }),
      leaves: true,
    },
    'a removal answers 404 and removes nothing: it stays, and that is said': {
      ...taskApi({ remove: () => ({ status: 404 }) }),
      leaves: true,
    },
  },
  reports: {
    'not-created': {
      'the create is refused': refusing,
      'the collection alone is given, and the create crashes': {
        ...taskApi({ create: () => ({ status: 500 }) }),
        ...bare,
      },
    },
    'no-id': {
      'the id is elsewhere in the answer: the object is found by its text and removed': elsewhere(),
      'Location names another place': taskApi({
        create: () => ({ status: 201, headers: [['location', 'https://other.test/api/tasks/7']] }),
      }),
      'the id would lead to another place': taskApi({ create: () => ({ status: 201, json: { id: '..' } }) }),
    },
    'not-read': { 'the object is not there': forgetting },
  },
  skips: {
    'the collection alone is given, and it takes another body': { ...refusing, ...bare },
    'an assumed route refuses the create': { ...refusing, ...assumed },
    'an assumed route answers with another shape': { ...elsewhere(), ...assumed },
    'an assumed route has no object to read': { ...forgetting, ...assumed },
    'no resource is declared': { target: { routes: { ...target().routes, resources: { value: [], declared: true } } } },
  },
  inconclusive: {
    'the collection alone is given, and it is not there': {
      ...taskApi({ create: () => ({ status: 404 }) }),
      ...bare,
    },
  },
});
