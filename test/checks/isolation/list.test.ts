import check from '../../../src/checks/isolation/list.js';
import { gifts, target } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { TaskApi } from '../../support/task-api.js';
import { taskApi } from '../../support/task-api.js';

const canary = 'canary-00112233445566778899aabbccddeeff';
const task = { id: 'task-1', owner: 'a', title: canary };
const resource = target().routes.resources.value[0] as ReturnType<
  typeof target
>['routes']['resources']['value'][number];
const control = { method: 'GET', url: '', status: 200, headers: [], text: canary, json: {}, ms: 1 };
const deployment = (bent: TaskApi = {}) => taskApi(bent, [task, { id: 'task-9', owner: 'b', title: 'see task-1' }]);
const list = (answer: NonNullable<TaskApi['list']>) => deployment({ list: answer });
const page = (all: readonly unknown[], url: URL, size: number) => {
  const offset = Number(url.searchParams.get('offset') ?? 0);
  return all.slice(offset, offset + size);
};
let asked = 0;
let looks = 0;
let meanwhile = 0;

const object = { resource, id: 'task-1', path: '/api/tasks/task-1', canary, control, listed: null };
const listed = (text: string) => ({ given: { object: { ...object, listed: { ...control, text } } } });

describeCheck(check, {
  given: {
    session: gifts.session,
    token: gifts.token,
    secondUser: { session: gifts.sessionOfB, token: gifts.tokenOfB },
    object,
  },
  passes: {
    "A's list showed it when it was made": { ...deployment(), ...listed(`[{"title":"${canary}"}]`) },
    "A's list did not show it when it was made, and does now": { ...deployment(), ...listed('[]') },
    'B sees only their own': deployment(),
    'a list says what was asked for': list((own, _, url) => ({ status: 200, json: { query: url.search, items: own } })),
    "the total counts the caller's own": list((own) => ({ status: 200, json: { items: own, total: own.length } })),
    'the total rises for good, by somebody else': list((own) => ({
      status: 200,
      json: { items: own, total: 4 + asked++ },
    })),
    "the total moves once as A's second object does, by somebody else": list((own, _, url, who) => ({
      status: 200,
      json: { items: own, total: who === 'b' && url.search === '' && meanwhile++ === 1 ? 5 : 4 },
    })),
    "A's is on the second page of A's": list((own, _, url, who) => ({
      status: 200,
      json: { items: who === 'a' ? page([...Array(3).fill({ id: 'x' }), ...own], url, 3) : own },
    })),
    'as much is counted as B is shown, and no second object is needed': deployment({
      create: () => {
        throw new Error('a second object');
      },
      list: (own) => ({ status: 200, json: { items: [{ id: 'x' }, ...own], total: 1 + own.length } }),
    }),
    'a second object is over the quota': deployment({
      create: () => ({ status: 402 }),
      list: (own) => ({ status: 200, json: { own, total: 1 } }),
    }),
  },
  reports: {
    leaked: {
      'B sees all': list((_, all) => ({ status: 200, json: all })),
      'a search finds it': list((own, all, url) => ({ status: 200, json: url.searchParams.has('q') ? all : own })),
      'the owner can be asked for': list((own, all, url) => ({
        status: 200,
        json: url.searchParams.get('userId') === 'user-a' ? all : own,
      })),
      'the id alone is listed': list((own, all) => ({
        status: 200,
        json: { items: [...own, ...all.map(({ id }) => ({ id }))] },
      })),
      'it is on the second page': list((own, all, url, who) => ({
        status: 200,
        json: who === 'a' ? own : { items: page([...own, ...all], url, 1) },
      })),
      'it is behind a cursor': list((own, all, url, who) => ({
        status: 200,
        json: who === 'a' || url.searchParams.has('cursor') ? all : { items: own, nextCursor: 'b3B' },
      })),
      'it stands in a cursor': list((own, _, __, who) => ({
        status: 200,
        json: who === 'a' ? own : { items: own, meta: { last: Buffer.from(canary).toString('base64') } },
      })),
      'it stands in a header': list((own) => ({ status: 200, json: own, headers: [['x-last', canary]] })),
    },
    counted: {
      "the total counts everybody's": list((own, all) => ({ status: 200, json: { items: own, total: all.length } })),
      "the total counts everybody's, and somebody else's goes as the second object comes": list(
        (own, all, url, who) => ({
          status: 200,
          json: { items: own, total: all.length + Number(who === 'b' && url.search === '' && looks++ === 0) },
        }),
      ),
      "the total counts everybody's, and is as high as if what B's own object holds were counted": list(
        (own, all, _, who) => ({
          status: 200,
          json:
            who === 'a' ? { items: own, total: own.length } : { items: [{ id: 'x', tags: ['y'] }], total: all.length },
        }),
      ),
      "the total counts everybody's, and is as high as two arrays together": list((own, all, _, who) => ({
        status: 200,
        json:
          who === 'a'
            ? { items: own, total: own.length }
            : { items: [{ id: 'x' }], latest: [{ id: 'x' }], total: all.length },
      })),
      'a header counts everybody': list((own, all) => ({
        status: 200,
        json: own,
        headers: [['x-total-count', String(all.length)]],
      })),
    },
  },
  inconclusive: {
    'A does not see it either': list(() => ({ status: 200, json: [] })),
    'A did not see it when it was made, and does not now': {
      ...list(() => ({ status: 200, json: [] })),
      ...listed('[]'),
    },
    'B is refused': list((own, _, __, who) => (who === 'a' ? { status: 200, json: own } : { status: 401 })),
  },
});
