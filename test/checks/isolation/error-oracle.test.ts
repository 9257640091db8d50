import check from '../../../src/checks/isolation/error-oracle.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';
import { pair, taskApi, taskOfA } from '../../support/task-api.js';

const toB = (reply: ScriptedReply) => taskApi({ foreign: () => reply }, [taskOfA]);

describeCheck(check, {
  given: pair,
  passes: {
    'it is 404, as for an id that is not there': taskApi({}, [taskOfA]),
    'it is 403, which tells that it is there and no more': toB({ status: 403, json: { error: 'forbidden' } }),
    'it names the reader': toB({ status: 403, json: { error: 'b@example.test may not see this' } }),
  },
  reports: {
    'names-the-owner': {
      'it says whose it is by e-mail': toB({ status: 403, json: { error: 'belongs to a@example.test' } }),
      'it says whose it is by id': toB({ status: 404, json: { owner: 'user-a' } }),
    },
  },
  skips: { 'the object itself leaks': toB({ status: 200, json: taskOfA }) },
  inconclusive: { 'A has lost it meanwhile': taskApi() },
});
