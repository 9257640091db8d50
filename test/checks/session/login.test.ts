import check from '../../../src/checks/session/login.js';
import { Secret } from '../../../src/core/secret.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script } from '../../support/fake-world.js';

const cookie: [string, string] = ['set-cookie', 'better-auth.session_token=abc.def; Path=/; HttpOnly; SameSite=Lax'];
const user = { id: 'user-a', email: 'a@example.test' };
const signedIn = { status: 200, json: { redirect: false, token: 't', user }, headers: [cookie] };

function deployment(overrides: Script = {}): { http: Script } {
  return {
    http: {
      'POST /api/auth/sign-in/email': signedIn,
      'GET /api/auth/get-session': ({ headers }) => ({
        status: 200,
        json: headers.cookie ? { session: {}, user } : null,
      }),
      ...overrides,
    },
  };
}

describeCheck(check, {
  passes: {
    'the session names the user, and nobody without the cookie': deployment(),
    'the address is given in capitals': {
      ...deployment(),
      target: {
        users: { a: { name: 'a', email: 'A@Example.test', password: new Secret('password-of-user-a') }, b: null },
      },
    },
  },
  reports: {
    'wrong-address': {
      'a page answers in HTML': deployment({ 'POST /api/auth/sign-in/email': { status: 200, text: '<html>' } }),
      'the path is not there': deployment({ 'POST /api/auth/sign-in/email': { status: 404 } }),
      'it is redirected': deployment({
        'POST /api/auth/sign-in/email': { status: 307, json: {}, headers: [['location', 'https://elsewhere.test/']] },
      }),
    },
    refused: {
      'passwords are turned off': deployment({
        'POST /api/auth/sign-in/email': { status: 400, json: { code: 'EMAIL_PASSWORD_DISABLED' } },
      }),
    },
    'origin-refused': {
      'the origin is not trusted': deployment({
        'POST /api/auth/sign-in/email': { status: 403, json: { code: 'INVALID_ORIGIN' } },
      }),
    },
    crashed: { 'the sign-in ends in 500': deployment({ 'POST /api/auth/sign-in/email': { status: 500 } }) },
    'no-cookie': {
      'no cookie is set': deployment({ 'POST /api/auth/sign-in/email': { status: 200, json: { user } } }),
    },
    'session-lost': {
      'the session is null with a fresh cookie': deployment({
        'GET /api/auth/get-session': { status: 200, json: null },
      }),
    },
    'session-cached': {
      'a cache keeps what it told an anonymous caller': deployment({
        'GET /api/auth/get-session': { status: 200, json: null, headers: [['x-cache', 'HIT']] },
      }),
      'it only says how old that is': deployment({
        'GET /api/auth/get-session': { status: 200, json: null, headers: [['age', '7']] },
      }),
    },
    'session-crashes': {
      'the session ends in an empty 500': deployment({ 'GET /api/auth/get-session': { status: 500 } }),
    },
    'wrong-person': {
      'the session is that of somebody else': deployment({
        'GET /api/auth/get-session': { status: 200, json: { user: { id: 'x', email: 'demo@example.test' } } },
      }),
    },
    'cookie-ignored': {
      'everybody is the user': deployment({ 'GET /api/auth/get-session': { status: 200, json: { user } } }),
    },
  },
  skips: {
    'the address is not verified': deployment({
      'POST /api/auth/sign-in/email': { status: 403, json: { code: 'EMAIL_NOT_VERIFIED' } },
    }),
    'it wants a captcha': deployment({
      'POST /api/auth/sign-in/email': { status: 400, json: { code: 'MISSING_RESPONSE' } },
    }),
    'users are to be made by the run': { target: { users: { a: null, b: null }, signUp: ['a', 'b'] } },
    'there is a second factor': deployment({
      'POST /api/auth/sign-in/email': { status: 200, json: { twoFactorRedirect: true } },
    }),
    'no user is given': { target: { users: { a: null, b: null } } },
  },
  inconclusive: {
    'the password is wrong': deployment({
      'POST /api/auth/sign-in/email': { status: 401, json: { code: 'INVALID_EMAIL_OR_PASSWORD' } },
    }),
    'nobody answers': deployment({ 'POST /api/auth/sign-in/email': 'no answer' }),
    'the rate limit is used up twice': deployment({
      'POST /api/auth/sign-in/email': { status: 429, json: {}, headers: [['x-retry-after', '1']] },
    }),
    'a proxy forbids get-session': deployment({ 'GET /api/auth/get-session': { status: 403, json: {} } }),
  },
});
