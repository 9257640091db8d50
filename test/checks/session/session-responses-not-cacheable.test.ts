import check from '../../../src/checks/session/session-responses-not-cacheable.js';
import { gifts, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script, ScriptedReply } from '../../support/fake-world.js';

const user = { user: { id: 'user-a', email: 'a@example.test' } };
const noStore = ['cache-control', 'no-store'] as const;
const says = (value: string) => [['cache-control', value]] as const;

function deployment(
  headers: Partial<Record<'me' | 'token' | 'session', ScriptedReply['headers']>> = {},
  more: Script = {},
) {
  return {
    http: {
      'GET /api/auth/get-session': ({ headers: sent }) => ({
        status: 200,
        json: sent.cookie ? user : null,
        headers: headers.session ?? [noStore],
      }),
      'GET /api/auth/token': { status: 200, json: { token: tokens.a }, headers: headers.token ?? [noStore] },
      'GET /api/me': { status: 200, json: { id: 'user-a' }, headers: headers.me ?? [] },
      ...more,
    } satisfies Script,
  };
}

describeCheck(check, {
  given: { session: gifts.session, token: gifts.token },
  passes: {
    'nothing may be kept': deployment(),
    'it may be kept by its own browser': deployment({ token: says('private, max-age=60') }),
    'a cache looked and had nothing': deployment({ session: [noStore, ['x-cache', 'MISS'], ['age', '0']] }),
  },
  reports: {
    crossed: {
      'a cache answers by the path': deployment({}, { 'GET /api/auth/get-session': { status: 200, json: user } }),
      'a cache answers now this, now that': deployment(
        {},
        {
          'GET /api/auth/get-session': (_, times) => ({ status: 200, json: times < 2 ? null : user }),
        },
      ),
    },
    'from-a-cache': {
      'a cache says so': deployment({ me: [['x-cache', 'HIT from edge']] }),
      'it is some seconds old': deployment({ token: [noStore, ['age', '12']] }),
    },
    public: {
      'who one is may be kept': deployment({ me: says('public, max-age=60') }),
      'the token may be kept by shared caches': deployment({ token: says('s-maxage=60') }),
      'the sign-in may be kept': {
        ...deployment(),
        given: { session: { ...gifts.session, headers: says('public, max-age=60') } },
      },
    },
    unsaid: { 'it is stock Better Auth': deployment({ token: [] }) },
  },
  inconclusive: {
    'the session is over': deployment({}, { 'GET /api/auth/get-session': { status: 200, json: null } }),
  },
});
