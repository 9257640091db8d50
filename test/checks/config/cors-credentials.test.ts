import check from '../../../src/checks/config/cors-credentials.js';
import type { HttpRequest } from '../../../src/world.js';
import { bearerOf, gifts, protectedRoute } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';

const own = 'http://auth.test';
type Rule = (origin: string) => Readonly<Record<string, string>>;
const allow = (origin: string) => ({
  'access-control-allow-origin': origin,
  'access-control-allow-credentials': 'true',
  vary: 'Origin',
});
const onlyOwn: Rule = (origin) => (origin === own ? allow(origin) : { vary: 'Origin' });
const none: Rule = () => ({});

/** An API with a rule for its answers, and perhaps another one for its refusals; the auth server says nothing of CORS. */
function api(rule: Rule, refusals: Rule = rule, auth: Rule = none) {
  const answer = (request: HttpRequest): ScriptedReply => {
    const good = request.method === 'OPTIONS' || bearerOf(request) !== null;
    const said = (good ? rule : refusals)(request.headers.origin ?? '');
    return { status: good ? 200 : 401, json: { id: 'user-a' }, headers: Object.entries(said) };
  };
  const session = ({ headers }: HttpRequest): ScriptedReply => ({
    status: 200,
    json: null,
    headers: Object.entries(auth(headers.origin ?? '')),
  });
  return {
    http: {
      'GET /api/me': answer,
      'OPTIONS /api/me': answer,
      'GET /api/auth/get-session': session,
      'OPTIONS /api/auth/get-session': session,
    },
  };
}

describeCheck(check, {
  given: { token: gifts.token, route: protectedRoute },
  passes: {
    'only the frontend is allowed': api(onlyOwn),
    'there is no CORS at all: both are on one origin, or a server asks': api(none),
    'credentials are not allowed to anybody': api((origin) => ({
      'access-control-allow-origin': origin === own ? origin : 'null',
      vary: 'Accept, Origin',
    })),
  },
  reports: {
    'any-origin': {
      'every origin is said back': api((origin) => allow(origin)),
      'what ends like the frontend is allowed': api((origin) => (origin.endsWith('auth.test') ? allow(origin) : {})),
      'what begins like the frontend is allowed': api((origin) => (origin.startsWith(own) ? allow(origin) : {})),
      'the auth server says every origin back': api(onlyOwn, onlyOwn, (origin) => allow(origin)),
    },
    'null-origin': { 'null is in the list': api((origin) => ([own, 'null'].includes(origin) ? allow(origin) : {})) },
    wildcard: { 'every origin may read': api(() => ({ 'access-control-allow-origin': '*' })) },
    'wildcard-with-credentials': {
      'every origin may read with credentials, which no browser does': api(() => ({
        'access-control-allow-origin': '*',
        'access-control-allow-credentials': 'true',
      })),
    },
    'no-vary': {
      'a cache is not told': api((origin) =>
        origin === own ? { 'access-control-allow-origin': own, 'access-control-allow-credentials': 'true' } : {},
      ),
    },
    'unauthorized-without-cors': { 'a 401 has no CORS headers': api(onlyOwn, none) },
  },
  inconclusive: {
    'the good token is refused meanwhile': {
      http: {
        ...api(onlyOwn).http,
        'GET /api/me': ({ headers }) => ({ status: headers.origin === own ? 503 : 401 }),
      },
    },
  },
});
