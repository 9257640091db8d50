import check from '../../../src/checks/isolation/session-mix.js';
import { protectedRoute } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { TaskApi } from '../../support/task-api.js';
import { pair, taskApi, taskOfA } from '../../support/task-api.js';

const api = (bent: TaskApi = {}) => taskApi(bent, [taskOfA]);
const withCookie = ({ headers }: { headers: Readonly<Record<string, string>> }) => headers.cookie !== undefined;
/** The cookie wins on these routes. */
const cookieWins = (...where: ('me' | 'list' | 'create')[]) =>
  api({
    ...(where.includes('me')
      ? { me: (who, request) => ({ status: 200, json: { id: withCookie(request) ? 'user-a' : `user-${who}` } }) }
      : {}),
    ...(where.includes('list')
      ? {
          list: (own, all, _, __, request) => ({
            status: 200,
            json: withCookie(request) ? all.filter(({ owner }) => owner === 'a') : own,
          }),
        }
      : {}),
    ...(where.includes('create') ? { ownerOf: (who, request) => (withCookie(request) ? 'a' : who) } : {}),
  });

describeCheck(check, {
  given: { ...pair, route: protectedRoute },
  passes: {
    'the token wins everywhere': api(),
    'the cookie wins everywhere': cookieWins('me', 'list', 'create'),
    'the cookie wins everywhere, and lists show what is new on the second page': api({
      me: (who, request) => ({ status: 200, json: { id: withCookie(request) ? 'user-a' : `user-${who}` } }),
      ownerOf: (who, request) => (withCookie(request) ? 'a' : who),
      list: (own, all, url, _, request) => {
        const mine = withCookie(request) ? all.filter(({ owner }) => owner === 'a') : own;
        return { status: 200, json: url.searchParams.has('page') ? mine : [{ id: 'task-0', title: 'an old one' }] };
      },
    }),
    'such a request is refused': api({
      me: (who, request) => (withCookie(request) ? { status: 400 } : { status: 200, json: { id: `user-${who}` } }),
      list: (own, _, __, ___, request) => (withCookie(request) ? { status: 400 } : { status: 200, json: own }),
      create: () => ({ status: 400 }),
    }),
  },
  reports: {
    mixed: {
      'it reads as one and writes as the other': cookieWins('create'),
      'it says one and lists the other': cookieWins('list', 'create'),
      'only the identity route takes the cookie': cookieWins('me'),
    },
  },
  skips: {
    'A does not see their own list': api({ list: () => ({ status: 200, json: [] }) }),
    'every list shows everything': api({ list: (_, all) => ({ status: 200, json: all }) }),
    'the cookies are not those of the API': {
      ...api(),
      given: { session: { ...pair.session, jar: { cookieHeader: async () => '', store: async () => {} } } },
    },
  },
});
