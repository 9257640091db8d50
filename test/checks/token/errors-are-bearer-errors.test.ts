import check from '../../../src/checks/token/errors-are-bearer-errors.js';
import { claimsOf, gifts, protectedRoute, tokens, verifies } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';
import { known, me, theSecret } from '../../support/verifying-api.js';

const now = Date.UTC(2026, 10, 21, 12) / 1000;
const refuses: ScriptedReply = { status: 401, json: { error: 'no token' }, headers: [['www-authenticate', 'Bearer']] };
const without: ScriptedReply = { status: 401, json: {} };

/** What an API answers to what it does not take, by the Authorization header. */
const api = (answer: (authorization: string | undefined) => ScriptedReply = () => refuses) => ({
  material: known,
  http: {
    'GET /api/me': ({ headers }: { readonly headers: Readonly<Record<string, string>> }) =>
      headers.authorization === `Bearer ${tokens.a}` ? me : answer(headers.authorization),
  },
});
const isExpired = (authorization = '') => {
  const jwt = authorization.slice('Bearer '.length);
  return verifies(jwt, theSecret) && Number(claimsOf(jwt).exp) < now;
};

describeCheck(check, {
  given: { token: gifts.token, route: protectedRoute },
  passes: {
    'it says 401 and Bearer': api(),
    'a header is too long for it': api((text = '') => (text.length > 9_000 ? { status: 431 } : refuses)),
    'nothing can be minted': { ...api((text) => (isExpired(text) ? { status: 500 } : refuses)), material: {} },
  },
  reports: {
    accepted: { 'any bearer will do': api((text) => (text === 'Bearer not-a-token' ? me : refuses)) },
    'stack-trace': {
      'Node tells where it was': api(() => ({ status: 500, text: 'Error: x\n    at verify (/app/auth.js:12:34)' })),
      'it stands in JSON': api(() => ({
        ...refuses,
        json: { stack: 'Error: x\n    at async verify (file:///app/a.js:1:2)' },
      })),
      'Python tells where it was': api((text) =>
        text === 'Bearer' ? { status: 500, text: 'Traceback (most recent call last):' } : refuses,
      ),
    },
    'expired-crashes': { 'an expired token ends in 500': api((text) => (isExpired(text) ? { status: 500 } : refuses)) },
    'other-status': {
      'a missing token is 403': api((text) => (text === undefined ? { status: 403 } : refuses)),
      'a missing token is sent to a page': api((text) => (text === undefined ? { status: 302 } : refuses)),
      'garbage ends in 500': api((text) => (text === 'Bearer not-a-token' ? { status: 500 } : refuses)),
    },
    'no-challenge': { 'it does not say Bearer': api(() => without) },
  },
  inconclusive: {
    'the good token is refused afterwards': { ...api(), http: { 'GET /api/me': refuses } },
  },
});
