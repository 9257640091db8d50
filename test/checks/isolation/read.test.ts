import check from '../../../src/checks/isolation/read.js';
import { bearerOf, gifts, target, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script, ScriptedReply } from '../../support/fake-world.js';

const canary = 'canary-00112233445566778899aabbccddeeff';
const path = '/api/tasks/task-1';
const resource = target().routes.resources.value[0] as NonNullable<
  ReturnType<typeof target>['routes']['resources']['value'][0]
>;
const whole: ScriptedReply = { status: 200, json: { id: 'task-1', title: canary } };
const jar = { cookieHeader: async () => '', store: async () => {} };
const control = { method: 'GET', url: '', status: 200, headers: [], text: canary, json: {}, ms: 1 };

/** A keeps its object; B gets what the test says, whatever the query. */
const toB = (reply: ScriptedReply, overrides: Script = {}) => {
  const answer = (request: Parameters<typeof bearerOf>[0]) => (bearerOf(request) === tokens.a ? whole : reply);
  return {
    http: {
      'GET /api/tasks': { status: 200, json: [] },
      [`GET ${path}`]: answer,
      [`GET ${path}?include=owner`]: answer,
      [`GET ${path}?expand=all`]: answer,
      [`HEAD ${path}`]: { status: reply.status },
      ...overrides,
    } satisfies Script,
  };
};

describeCheck(check, {
  given: {
    token: gifts.token,
    secondUser: { session: { email: 'b@example.test', userId: 'user-b', jar }, token: gifts.tokenOfB },
    object: { resource, id: 'task-1', path, canary, control },
  },
  passes: { 'B gets 404': toB({ status: 404 }), 'B gets 403': toB({ status: 403, json: { error: 'forbidden' } }) },
  reports: {
    leaked: {
      'B reads it': toB(whole),
      'B reads it under an error status': toB({ status: 404, text: `no access to ${canary}` }),
      'B reads it through an option': toB({ status: 404 }, { [`GET ${path}?include=owner`]: whole }),
    },
    'answered-2xx': { 'B gets the object without its title': toB({ status: 200, json: { id: 'task-1' } }) },
    'answered-empty': { 'B gets an empty 200': toB({ status: 200, text: '' }) },
  },
  inconclusive: {
    'B is refused everywhere': toB({ status: 404 }, { 'GET /api/tasks': { status: 401 } }),
    'A has lost it meanwhile': { http: { ...toB({ status: 404 }).http, [`GET ${path}`]: { status: 404 } } },
    'B gets 500': toB({ status: 500 }),
  },
});
