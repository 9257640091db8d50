import check, { singleFlight } from '../../../src/checks/refresh/single-flight.js';
import { bearerOf, farFuture, gifts, hs256, protectedRoute, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script, ScriptedReply } from '../../support/fake-world.js';
import { flawedClient } from '../../support/flawed-client.js';

const fresh = hs256({ sub: 'user-a', exp: farFuture, iat: 1 }, 'the-secret-of-the-tests');
type Request = Parameters<typeof bearerOf>[0];
const good = (request: Request) => [tokens.a, fresh].includes(bearerOf(request) ?? '');

const deployment = (overrides: Script = {}) => ({
  http: {
    'GET /api/me': (request: Request): ScriptedReply => ({ status: good(request) ? 200 : 401 }),
    'GET /api/auth/token': { status: 200, json: { token: fresh } },
    ...overrides,
  } satisfies Script,
});
const client = (flaw: Parameters<typeof flawedClient>[0]) => ({
  ...deployment(),
  instead: singleFlight(flawedClient(flaw)),
});

describeCheck(check, {
  given: { session: gifts.session, token: gifts.token, route: protectedRoute, recovers: undefined },
  passes: {
    'all calls share one refresh': deployment(),
    'the refresh takes its time': deployment({
      'GET /api/auth/token': { status: 200, json: { token: fresh }, late: 60 },
    }),
    'the new token is the one that was good before': deployment({
      'GET /api/auth/token': { status: 200, json: { token: tokens.a } },
    }),
  },
  reports: {
    'several-refreshes': { 'the client has no shared promise': client('no shared promise') },
    'too-many-calls': { 'the client sends everything twice': client('sends everything twice') },
    lost: {
      'the client drops what is refused during a refresh': client('drops what is refused during a refresh'),
      'the client waits for itself': client('waits for itself'),
      'the API fails under several calls': deployment({
        'GET /api/me': (request, times) => ({ status: !good(request) ? 401 : times > 30 ? 503 : 200 }),
      }),
      'the API takes a token only once': deployment({
        'GET /api/me': (request, times) => ({ status: good(request) && times === 20 ? 200 : 401 }),
      }),
    },
    limited: {
      'the API limits bursts': deployment({
        'GET /api/me': (request, times) => ({ status: times > 25 ? 429 : good(request) ? 200 : 401 }),
      }),
    },
  },
  inconclusive: {
    'a dead token is answered 403': deployment({ 'GET /api/me': { status: 403 } }),
    'a dead token is taken': deployment({ 'GET /api/me': { status: 200 } }),
    'the token route fails': deployment({ 'GET /api/auth/token': { status: 500 } }),
    'the API is gone': deployment({ 'GET /api/me': 'no answer' }),
    'the auth server is gone': deployment({ 'GET /api/auth/token': 'no answer' }),
  },
});
