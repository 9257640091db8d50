import check from '../../../src/checks/isolation/read.js';
import { gifts, target } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';
import { taskApi } from '../../support/task-api.js';

const canary = 'canary-00112233445566778899aabbccddeeff';
const task = { id: 'task-1', owner: 'a', title: canary };
const resource = target().routes.resources.value[0] as ReturnType<
  typeof target
>['routes']['resources']['value'][number];
const control = { method: 'GET', url: '', status: 200, headers: [], text: canary, json: {}, ms: 1 };
const toB = (reply: ScriptedReply) => taskApi({ foreign: () => reply }, [task]);

describeCheck(check, {
  given: {
    session: gifts.session,
    token: gifts.token,
    secondUser: { session: gifts.sessionOfB, token: gifts.tokenOfB },
    object: { resource, id: 'task-1', path: '/api/tasks/task-1', canary, control },
  },
  passes: {
    'B gets 404': toB({ status: 404 }),
    'B gets 403': toB({ status: 403, json: { error: 'forbidden' } }),
    'B gets 410': toB({ status: 410 }),
  },
  reports: {
    leaked: {
      'B reads it': toB({ status: 200, json: task }),
      'B reads it under an error status': toB({ status: 404, text: `no access to ${canary}` }),
      'B reads it in a header': toB({ status: 403, headers: [['x-title', canary]] }),
      'B reads it JSON-escaped': toB({ status: 200, json: { html: JSON.stringify({ title: canary }) } }),
      'B gets it without its title': toB({ status: 200, json: { id: 'task-1', done: false } }),
    },
    'answered-unclearly': {
      'B gets an empty 200': toB({ status: 200, text: '' }),
      'B gets a page, as for any path': toB({ status: 200, text: '<!doctype html>' }),
      'B gets 200 with an error inside': toB({ status: 200, json: { error: 'not found' } }),
      'B gets 500': toB({ status: 500 }),
      'B is sent to the login page': toB({ status: 302, headers: [['location', '/login']] }),
    },
  },
  inconclusive: {
    'B is refused everywhere': taskApi({ list: () => ({ status: 401 }) }, [task]),
    'A has lost it meanwhile': taskApi(),
  },
});
