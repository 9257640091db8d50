import check from '../../../src/checks/isolation/ids-not-guessable.js';
import { randomBytes } from '../../support/chance.js';
import { describeCheck } from '../../support/describe-check.js';
import type { TaskApi } from '../../support/task-api.js';
import { pair, taskApi } from '../../support/task-api.js';

const { object, ...people } = pair;
const counted = (bent: TaskApi = {}) => taskApi({ idOf: (n) => String(40 + n), ...bent });
const open: TaskApi['foreign'] = (task) => ({ status: 200, json: task });

describeCheck(check, {
  given: { ...people, example: object },
  passes: {
    'ids are counted, and reads are protected': counted(),
    'ids are random, whatever a read gives': taskApi({ idOf: () => randomBytes(16).toString('hex'), foreign: open }),
    'ids lie far apart': taskApi({ idOf: (n) => String(n * 1_000_003), foreign: open }),
  },
  reports: {
    'neighbour-read': {
      'ids are counted, and a read does not ask whose': counted({ foreign: open }),
      'ids go down': taskApi({ idOf: (n) => String(9_000 - n), foreign: open }),
    },
  },
  inconclusive: { 'nothing is created': taskApi({ create: () => ({ status: 402 }) }) },
  skips: {
    'the owner cannot read it either': {
      ...counted({ create: (task) => ({ status: 201, json: task }) }),
    },
  },
});
