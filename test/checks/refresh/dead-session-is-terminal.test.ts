import check, { deadSession } from '../../../src/checks/refresh/dead-session-is-terminal.js';
import { bearerOf, protectedRoute, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script } from '../../support/fake-world.js';
import type { Flaw } from '../../support/flawed-client.js';
import { flawedClient } from '../../support/flawed-client.js';

const cookies = ['better-auth.session_token=abc.def; Path=/', 'better-auth.session_data=kept; Path=/'].map(
  (value): [string, string] => ['set-cookie', value],
);
/** A deployment whose session ends with its sign-out; what a session is told before does not count. */
const deployment = (overrides: Script = {}) => {
  let out = false;
  const http: Script = {
    'POST /api/auth/sign-in/email': { status: 200, json: { user: { id: 'user-a' } }, headers: cookies },
    'GET /api/auth/get-session': ({ headers }) => ({
      status: 200,
      json: headers.cookie === undefined ? null : { user: { id: 'user-a', email: 'a@example.test' } },
    }),
    'GET /api/auth/token': ({ headers }) =>
      !out || /session_data/.test(headers.cookie ?? '') ? { status: 200, json: { token: tokens.a } } : { status: 401 },
    'POST /api/auth/sign-out': () => {
      out = true;
      return { status: 200, json: { success: true } };
    },
    'GET /api/me': (request) => ({ status: bearerOf(request) === tokens.a ? 200 : 401 }),
    ...overrides,
  };
  return { http };
};
const client = (flaw: Flaw) => ({ ...deployment(), instead: deadSession(flawedClient(flaw)) });

describeCheck(check, {
  given: { route: protectedRoute },
  passes: { 'the session ends, though what is cached of it does not': deployment() },
  reports: {
    revived: {
      'the sign-out ends nothing': deployment({ 'GET /api/auth/token': { status: 200, json: { token: tokens.a } } }),
    },
    'several-refreshes': {
      'the client has no shared promise': client('no shared promise'),
      'the client tries a dead session again': client('tries a dead session again'),
    },
    'goes-on': {
      'the client goes on with its dead token': client('goes on after the session is dead'),
    },
    'not-told': {
      'the client waits for itself': client('waits for itself'),
      'the client drops what is refused meanwhile': client('drops what is refused during a refresh'),
    },
  },
  skips: { 'nobody can sign in': { target: { users: { a: null, b: null } } } },
  inconclusive: {
    'the sign-out fails': deployment({ 'POST /api/auth/sign-out': { status: 403 } }),
    'the auth server is in trouble afterwards': deployment({
      'GET /api/auth/token': (_, times) => (times === 0 ? { status: 200, json: { token: tokens.a } } : { status: 503 }),
    }),
    'a dead token is answered 500': deployment({ 'GET /api/me': { status: 500 } }),
  },
});
