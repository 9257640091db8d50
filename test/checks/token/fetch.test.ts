import check from '../../../src/checks/token/fetch.js';
import { hs256, tokens, unsigned } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';

const session = {
  email: 'a@example.test',
  userId: 'user-a',
  jar: { cookieHeader: async () => 'better-auth.session_token=abc', store: async () => {} },
  headers: [],
};
const answers = (reply: ScriptedReply | 'no answer') => ({ http: { 'GET /api/auth/token': reply } });
const token = (text: unknown) => answers({ status: 200, json: { token: text } });
const noon = 1_795_262_400; // 2026-11-21T12:00:00Z, the hour of the tests

describeCheck(check, {
  given: { session },
  passes: {
    'the route answers a JWT': token(tokens.a),
    'the clock here is an hour ahead of the server': answers({
      status: 200,
      json: { token: hs256({ sub: 'user-a', exp: noon - 3000 }, 'x') },
      headers: [['date', 'Sat, 21 Nov 2026 11:00:00 GMT']],
    }),
    'its subject is the e-mail': token(hs256({ sub: 'a@example.test', exp: noon + 900 }, 'x')),
    'it carries no exp': token(hs256({ sub: 'user-a' }, 'x')),
  },
  reports: {
    unauthorized: { 'a live session is refused': answers({ status: 401, json: { code: 'UNAUTHORIZED' } }) },
    crashed: { 'the key cannot be decrypted': answers({ status: 500 }) },
    'no-token': {
      'the answer is null': answers({ status: 200, json: null }),
      'the answer is a page': answers({ status: 200, text: '<!doctype html>' }),
      'it is redirected': answers({ status: 302, headers: [['location', '/login']] }),
      'the token is empty': token(''),
    },
    'no-route': { 'a declared route is not there': answers({ status: 404 }) },
    malformed: {
      'the session token is handed out instead': token('cX2lMZ1tPZ0vR3bYq4w5e6r7t8y9u0i1'),
      'the payload is not JSON': token('eyJhbGciOiJIUzI1NiJ9.bm90IGpzb24.c2ln'),
      'it names no algorithm': token(`e30.${tokens.a.split('.')[1]}.c2ln`),
      'it names no subject': token(hs256({ exp: noon + 900 }, 'x')),
    },
    unsigned: { 'it is not signed': token(unsigned('user-a')) },
    'wrong-subject': { 'a cache answers with the token of somebody else': token(tokens.b) },
    'born-expired': { 'expirationTime was a number': token(hs256({ sub: 'user-a', exp: 3600 }, 'x')) },
  },
  skips: {
    'an assumed route is not there': {
      ...answers({ status: 404 }),
      target: { tokenRoute: { value: '/token', declared: false } },
    },
  },
  inconclusive: { 'nobody answers': answers('no answer') },
});
