import check from '../../../src/checks/refresh/recovers.js';
import type { Reply } from '../../../src/core/reply.js';
import { bearerOf, farFuture, gifts, hs256, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script } from '../../support/fake-world.js';

const session = {
  email: 'a@example.test',
  userId: 'user-a',
  jar: { cookieHeader: async () => 'better-auth.session_token=abc', store: async () => {} },
  headers: [],
};
const answer: Reply = { method: 'GET', url: '', status: 200, headers: [], text: '', json: {}, ms: 1 };
const route = { path: '/api/me', control: answer, anonymous: answer, names: [] };
const fresh = hs256({ sub: 'user-a', exp: farFuture, iat: 1 }, 'the-secret-of-the-tests');

const deployment = (overrides: Script = {}) => ({
  http: {
    'GET /api/me': (request: Parameters<typeof bearerOf>[0]) => ({
      status: [tokens.a, fresh].includes(bearerOf(request) ?? '') ? 200 : 401,
    }),
    'GET /api/auth/token': { status: 200, json: { token: fresh } },
    ...overrides,
  } satisfies Script,
});

describeCheck(check, {
  given: { session, token: gifts.token, route },
  passes: {
    'the API answers 401 and the session gives a new token': deployment(),
    'the new token is the very token that it had before it died': deployment({
      'GET /api/auth/token': { status: 200, json: { token: tokens.a } },
    }),
  },
  reports: {
    'not-401': {
      'a dead token is taken': deployment({ 'GET /api/me': { status: 200, json: {} } }),
      'a dead token is answered 403': deployment({ 'GET /api/me': { status: 403 } }),
      'a dead token is answered 500': deployment({ 'GET /api/me': { status: 500 } }),
    },
    'no-new-token': {
      'the session is refused': deployment({ 'GET /api/auth/token': { status: 401 } }),
      'the token route is down': deployment({ 'GET /api/auth/token': { status: 503 } }),
      'the new token is expired': deployment({
        'GET /api/auth/token': { status: 200, json: { token: hs256({ sub: 'user-a', exp: 5 }, 'x') } },
      }),
    },
    'refused-again': { 'the API does not know the new key': deployment({ 'GET /api/me': { status: 401 } }) },
  },
  inconclusive: {
    'the auth server is gone': deployment({ 'GET /api/auth/token': 'no answer' }),
    'the API is gone': deployment({ 'GET /api/me': 'no answer' }),
    'the API answers 503 after the refresh': deployment({
      'GET /api/me': (_, times) => ({ status: times === 0 ? 401 : 503 }),
    }),
  },
});
