import check from '../../../src/checks/session/second-user.js';
import { Secret } from '../../../src/core/secret.js';
import { hs256, tokens, unsigned } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script } from '../../support/fake-world.js';

const user = { id: 'user-b', email: 'b@example.test' };
const cookie: [string, string] = ['set-cookie', 'better-auth.session_token=abc.def; Path=/; HttpOnly'];
const signIn = 'POST /api/auth/sign-in/email';
const session = 'GET /api/auth/get-session';
const token = 'GET /api/auth/token';

const deployment = (overrides: Script = {}) => ({
  http: {
    [signIn]: { status: 200, json: { user }, headers: [cookie] },
    [session]: ({ headers }) => ({ status: 200, json: headers.cookie ? { user } : null }),
    [token]: { status: 200, json: { token: tokens.b } },
    ...overrides,
  } satisfies Script,
});

function sameUser<N extends string>(name: N, email: string) {
  return { name, email, password: new Secret('password-of-them') };
}

describeCheck(check, {
  passes: { 'B signs in and gets a token': deployment() },
  reports: {
    'wrong-address': { 'a page answers': deployment({ [signIn]: { status: 200, text: '<html>' } }) },
    refused: {
      'passwords are turned off': deployment({
        [signIn]: { status: 400, json: { code: 'EMAIL_PASSWORD_DISABLED' } },
      }),
    },
    'origin-refused': {
      'the origin is not trusted': deployment({ [signIn]: { status: 403, json: { code: 'INVALID_ORIGIN' } } }),
    },
    unsigned: {
      'the token is not signed': deployment({ [token]: { status: 200, json: { token: unsigned('user-b') } } }),
    },
    'wrong-subject': {
      'a cache answers with the token of A': deployment({ [token]: { status: 200, json: { token: tokens.a } } }),
    },
    'same-person': {
      'both users are one': {
        target: { users: { a: sameUser('a', 'B@example.test'), b: sameUser('b', 'b@example.test') } },
      },
    },
    'no-cookie': { 'no cookie is set': deployment({ [signIn]: { status: 200, json: { user } } }) },
    'session-lost': { 'the session is null': deployment({ [session]: { status: 200, json: null } }) },
    'session-cached': {
      'a cache keeps what it told somebody else': deployment({
        [session]: { status: 200, json: null, headers: [['age', '7']] },
      }),
    },
    'session-crashes': { 'the session ends in 500': deployment({ [session]: { status: 500 } }) },
    'wrong-person': {
      'the session is that of A': deployment({
        [session]: { status: 200, json: { user: { id: 'user-a', email: 'a@example.test' } } },
      }),
    },
    'cookie-ignored': { 'everybody is B': deployment({ [session]: { status: 200, json: { user } } }) },
    crashed: { 'the token route ends in 500': deployment({ [token]: { status: 500 } }) },
    unauthorized: { 'the token route refuses B': deployment({ [token]: { status: 401 } }) },
    'no-token': { 'there is no token in the answer': deployment({ [token]: { status: 200, json: {} } }) },
    'no-route': { 'there is no token route': deployment({ [token]: { status: 404 } }) },
    malformed: { 'the token is no JWT': deployment({ [token]: { status: 200, json: { token: 'abc' } } }) },
    'born-expired': {
      'the token is dead': deployment({
        [token]: { status: 200, json: { token: hs256({ sub: 'user-b', exp: 1 }, 'x') } },
      }),
    },
  },
  skips: { 'no second user is given': { target: { users: { a: null, b: null } } } },
  inconclusive: {
    'the password of B is wrong': deployment({
      [signIn]: { status: 401, json: { code: 'INVALID_EMAIL_OR_PASSWORD' } },
    }),
  },
});
