import check from '../../../src/checks/isolation/create-for-other.js';
import { describeCheck } from '../../support/describe-check.js';
import type { TaskApi } from '../../support/task-api.js';
import { pair, taskApi, taskOfA } from '../../support/task-api.js';

const api = (bent: TaskApi = {}) => taskApi(bent, [taskOfA]);
const object = { ...pair.object, resource: { ...pair.object.resource, children: ['/api/tasks/{id}/notes'] } };

describeCheck(check, {
  given: { ...pair, object },
  passes: {
    'the owner is the creator': api(),
    'the answer says back the owner that was sent, and the row has the right one': api({
      create(task, keep) {
        keep();
        return { status: 201, json: { ...task, ownerId: 'user-a' } };
      },
    }),
    'there is no list': api({ list: () => ({ status: 405 }) }),
    'further members are refused': api({
      create: (task, keep) => {
        keep();
        return { status: 201, json: task };
      },
      ownerOf: (who) => who,
    }),
  },
  reports: {
    'in-their-name': {
      'the body names the owner': api({ ownerOf: (who, _, { ownerId }) => (ownerId === 'user-a' ? 'a' : who) }),
      'the body names the owner, and there is no list': api({
        ownerOf: (who, _, { ownerId }) => (ownerId === 'user-a' ? 'a' : who),
        list: () => ({ status: 405 }),
      }),
      'the body names the owner, and what is not theirs is 403': api({
        ownerOf: (who, _, { ownerId }) => (ownerId === 'user-a' ? 'a' : who),
        foreign: () => ({ status: 403 }),
      }),
      'the body names the user': api({ ownerOf: (who, _, { user_id }) => (user_id === 'user-a' ? 'a' : who) }),
    },
    'under-their-object': {
      'a note is put under any task': api({
        addNote(_, add) {
          add();
          return { status: 201 };
        },
      }),
      'a note is put there under an error status': api({
        addNote(task, add, who) {
          add();
          return { status: task?.owner === who ? 201 : 404 };
        },
      }),
    },
  },
  skips: { 'every list shows everything': api({ list: (_, all) => ({ status: 200, json: all }) }) },
  inconclusive: {
    'B cannot create': api({ create: () => ({ status: 402 }) }),
  },
});
