import check, { retryExactlyOnce } from '../../../src/checks/refresh/retry-exactly-once.js';
import { farFuture, gifts, hs256, protectedRoute } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script } from '../../support/fake-world.js';
import type { Flaw } from '../../support/flawed-client.js';
import { flawedClient } from '../../support/flawed-client.js';

const fresh = hs256({ sub: 'user-a', exp: farFuture, iat: 1 }, 'the-secret-of-the-tests');
/** no call to the API is scripted: none may reach it */
const deployment = (overrides: Script = {}) => ({
  http: { 'GET /api/auth/token': { status: 200, json: { token: fresh } }, ...overrides } satisfies Script,
});
const client = (flaw: Flaw) => ({ ...deployment(), instead: retryExactlyOnce(flawedClient(flaw)) });

describeCheck(check, {
  given: { session: gifts.session, token: gifts.token, route: protectedRoute },
  passes: {
    'the client gives up after one refresh': deployment(),
    'the refresh takes its time': deployment({
      'GET /api/auth/token': { status: 200, json: { token: fresh }, late: 60 },
    }),
  },
  reports: {
    loop: {
      'the client tries for ever': client('tries for ever'),
      'the client sends everything twice': client('sends everything twice'),
    },
    storm: { 'the client refreshes for every call': client('refreshes for every call') },
    'old-token': { 'the client tries again with the old token': client('tries again with the old token') },
    'no-error': { 'the client takes the last 401 for an answer': client('takes the last 401 for an answer') },
    hangs: { 'the client waits for itself': client('waits for itself') },
  },
  inconclusive: {
    'the session is over': deployment({ 'GET /api/auth/token': { status: 401 } }),
    'the token route fails': deployment({ 'GET /api/auth/token': { status: 503 } }),
    'the token route gives an expired token': deployment({
      'GET /api/auth/token': { status: 200, json: { token: hs256({ sub: 'user-a', exp: 5 }, 'x') } },
    }),
    'the auth server is gone': deployment({ 'GET /api/auth/token': 'no answer' }),
  },
});
