import check from '../../../src/checks/isolation/list.js';
import { bearerOf, gifts, target, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script, ScriptedReply } from '../../support/fake-world.js';

const canary = 'canary-00112233445566778899aabbccddeeff';
const resource = target().routes.resources.value[0] as NonNullable<
  ReturnType<typeof target>['routes']['resources']['value'][0]
>;
const jar = { cookieHeader: async () => '', store: async () => {} };
const control = { method: 'GET', url: '', status: 200, headers: [], text: canary, json: {}, ms: 1 };
const given = (id: string) => ({
  token: gifts.token,
  secondUser: { session: { email: 'b@example.test', userId: 'user-b', jar }, token: gifts.tokenOfB },
  object: { resource, id, path: `/api/tasks/${id}`, canary, control },
});
const queries = ['', `?q=${canary}`, `?search=${canary}`, '?userId=user-a', '?user_id=user-a', '?limit=1000'];

const lists = (
  toB: (times: number) => ScriptedReply,
  overrides: Script = {},
  toA: ScriptedReply = { status: 200, json: [{ id: 'task-1', title: canary }] },
) => ({
  http: {
    ...Object.fromEntries(
      queries.map((query) => [
        `GET /api/tasks${query}`,
        (request: Parameters<typeof bearerOf>[0], times: number) => (bearerOf(request) === tokens.a ? toA : toB(times)),
      ]),
    ),
    ...overrides,
  } satisfies Script,
});
const own = { status: 200, json: [{ id: 'task-9', title: 'mine' }] };
const leak = { status: 200, json: [{ id: 'task-1', title: canary }] };
const second: Script = {
  'POST /api/tasks': { status: 201, json: { id: 'task-2' } },
  'DELETE /api/tasks/task-2': { status: 204 },
};
const total = (count: number) => ({ status: 200, json: { items: [], total: count } });

describeCheck(check, {
  given: given('task-1'),
  passes: {
    'B sees only their own': lists(() => own),
    'the count of B stays': lists(() => total(4), second),
    'the count rises for good, by somebody else': lists((times) => total(times < 2 ? 4 : 5), second),
    "a title of B's holds the short id of A's": lists(() => ({
      status: 200,
      json: [{ id: 'task-9', title: 'see task-1' }],
    })),
  },
  reports: {
    leaked: {
      'B sees the canary': lists(() => leak),
      'a search finds it': lists(() => own, { [`GET /api/tasks?q=${canary}`]: leak }),
      'the owner can be asked for': lists(() => own, { 'GET /api/tasks?userId=user-a': leak }),
      'the id alone is listed': lists(() => ({ status: 200, json: { items: [{ id: 'task-1' }] } })),
    },
    counted: {
      // asked by A once, by B twice (list, baseline), then with A's second object, then without it
      "the total counts everybody's": lists((times) => total(times === 3 ? 5 : 4), second),
    },
  },
  inconclusive: {
    'A does not see it either': lists(() => own, {}, { status: 200, json: [] }),
    'B is refused': lists(() => ({ status: 401 })),
  },
});
