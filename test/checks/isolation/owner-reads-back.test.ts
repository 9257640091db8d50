import check from '../../../src/checks/isolation/owner-reads-back.js';
import type { Reply } from '../../../src/core/reply.js';
import { gifts, target } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script } from '../../support/fake-world.js';

const answer: Reply = { method: 'GET', url: '', status: 200, headers: [], text: '', json: {}, ms: 1 };
let stored = '';
const deployment = (overrides: Script = {}) => ({
  http: {
    'POST /api/tasks': ({ body = '{}' }) => {
      stored = JSON.parse(body).title;
      return { status: 201, json: { id: 'task-1', title: stored } };
    },
    'GET /api/tasks/task-1': () => ({ status: 200, json: { id: 'task-1', title: stored } }),
    ...overrides,
  } satisfies Script,
});
const assumed = { routes: { ...target().routes, resources: { ...target().routes.resources, declared: false } } };

describeCheck(check, {
  given: { token: gifts.token, route: { path: '/api/me', control: answer, anonymous: answer } },
  passes: {
    'the object holds what was stored': deployment(),
    'the id is a number': deployment({
      'POST /api/tasks': ({ body = '{}' }) => {
        stored = JSON.parse(body).title;
        return { status: 200, json: { id: 7 } };
      },
      'GET /api/tasks/7': () => ({ status: 200, json: { title: stored } }),
    }),
  },
  reports: {
    'not-created': { 'the create is refused': deployment({ 'POST /api/tasks': { status: 422 } }) },
    'no-id': { 'the answer has no id': deployment({ 'POST /api/tasks': { status: 201, json: {} } }) },
    'not-read': {
      'the object is not there': deployment({ 'GET /api/tasks/task-1': { status: 404 } }),
      'the object holds something else': deployment({
        'GET /api/tasks/task-1': { status: 200, json: { title: 'other' } },
      }),
    },
  },
  skips: {
    'an assumed route is not there': { ...deployment({ 'POST /api/tasks': { status: 404 } }), target: assumed },
    'no resource is declared': { target: { routes: { ...target().routes, resources: { value: [], declared: true } } } },
  },
});
