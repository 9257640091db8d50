import check from '../../../src/checks/isolation/identity-override.js';
import type { HttpRequest } from '../../../src/world.js';
import { protectedRoute, target } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { TaskApi } from '../../support/task-api.js';
import { canary, pair, taskApi, taskOfA } from '../../support/task-api.js';

const api = (bent: TaskApi = {}) => taskApi(bent, [taskOfA]);
const asks = (request: HttpRequest, name: string) => new URL(request.url).searchParams.getAll(name);
const list = (claims: (request: HttpRequest) => boolean) =>
  api({ list: (own, all, _, __, request) => ({ status: 200, json: claims(request) ? all : own }) });
const owns = (claims: (request: HttpRequest) => boolean) =>
  api({ ownerOf: (who, request) => (claims(request) ? 'a' : who) });

describeCheck(check, {
  given: { ...pair, route: protectedRoute },
  passes: {
    'nothing but the token counts': api(),
    'a list says back what it was asked': api({
      list: (own, _, url) => ({ status: 200, json: { asked: url.search, items: own } }),
    }),
    'the identity route says back what it was asked': api({
      me: (who, request) => ({ status: 200, json: { id: `user-${who}`, query: new URL(request.url).search } }),
    }),
    'unknown parameters are refused': api({
      list: (own, _, url) => (url.search === '' ? { status: 200, json: own } : { status: 400 }),
    }),
  },
  reports: {
    'became-another': {
      'the identity route takes a header': api({
        me: (who, request) => ({ status: 200, json: { id: request.headers['x-user-id'] ?? `user-${who}` } }),
      }),
      'it names the caller by address': {
        ...api({
          me: (who, request) => ({
            status: 200,
            json: { email: `${request.headers['x-user-id'] === 'user-a' ? 'a' : who}@example.test` },
          }),
        }),
        target: {
          routes: { ...target().routes, me: { value: { get: '/api/me', identity: '/email' }, declared: true } },
        },
      },
      'it names the address first, and changes the id alone': api({
        me: (who, request) => ({
          status: 200,
          json: { email: `${who}@example.test`, id: request.headers['x-user-id'] ?? `user-${who}` },
        }),
      }),
      'the identity route takes a parameter': api({
        me: (who, request) => ({ status: 200, json: { id: asks(request, 'userId')[0] ?? `user-${who}` } }),
      }),
    },
    'reads-another': {
      'a list takes ?user_id=': list((request) => asks(request, 'user_id').includes('user-a')),
      'a list takes the last ?userId=': list((request) => asks(request, 'userId').at(-1) === 'user-a'),
      'a list takes X-User-Id': list(({ headers }) => headers['x-user-id'] === 'user-a'),
      'a list takes Remote-User': list(({ headers }) => headers['remote-user'] === 'user-a'),
      'a list of many pages takes ?user_id=, and shows what is new last': api({
        list(own, all, url) {
          const asked = url.searchParams.get('user_id') === 'user-a' ? all : own;
          const old = { id: 'task-0', title: 'an old one' };
          return { status: 200, json: url.searchParams.has('page') ? asked : [old] };
        },
      }),
      'a list takes a cookie': list(({ headers }) => headers.cookie?.includes('userId=user-a') === true),
      'a path names them': {
        http: new Proxy(api().http, {
          get: (other, line: string) =>
            line === 'GET /api/users/user-a/tasks' ? () => ({ status: 200, json: [{ title: canary }] }) : other[line],
        }),
      },
    },
    'writes-for-another': {
      'a create takes ?userId=': owns((request) => asks(request, 'userId').includes('user-a')),
      'a create takes ?userId=, and there is no list': {
        ...api({
          ownerOf: (who, request) => (asks(request, 'userId').includes('user-a') ? 'a' : who),
          list: () => ({ status: 404 }),
        }),
      },
      'a create takes X-User-Id': owns(({ headers }) => headers['x-user-id'] === 'user-a'),
      'a create takes a cookie': owns(({ headers }) => headers.cookie !== undefined),
    },
  },
  inconclusive: {
    'B is refused everywhere': api({ me: () => ({ status: 401 }) }),
    'A has lost it meanwhile': taskApi(),
  },
});
