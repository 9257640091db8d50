import { createHmac } from 'node:crypto';
import check from '../../../src/checks/token/kid-handled-safely.js';
import { gifts, headerOf, protectedRoute, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';
import { bearerApi, byKeyRow } from '../../support/verifying-api.js';

const signer = byKeyRow({});
const api = (takes: (kid: unknown, jwt: string) => boolean | ScriptedReply) => ({
  ...bearerApi((jwt) => jwt === tokens.a || signer.verifies(jwt) || takes(headerOf(jwt).kid, jwt)),
});
const seals = (jwt: string, key: string) => {
  const input = jwt.slice(0, jwt.lastIndexOf('.'));
  return jwt === `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
};
const says = (text: string, status = 401): ScriptedReply => ({ status, text });
const byKey = { given: { token: signer.token } };

describeCheck(check, {
  given: { token: gifts.token, route: protectedRoute },
  passes: {
    'a kid is looked up and leads nowhere': { ...api(() => false), ...byKey },
    'a secret is shared, and kid is not looked at': api(() => false),
    'a long header is too long': api((kid) => String(kid).length > 4_000 && { status: 431 }),
  },
  reports: {
    accepted: {
      'kid is a path': api((kid, jwt) => String(kid).endsWith('/dev/null') && seals(jwt, '')),
      'kid is in a query': api((kid, jwt) => String(kid).includes('UNION') && seals(jwt, '1')),
      'a token without kid is believed': { ...api((kid) => kid === undefined), ...byKey },
      'a kid that is a list is believed': { ...api((kid) => Array.isArray(kid)), ...byKey },
    },
    leaks: {
      'a database answers': api((kid) => String(kid).includes("'") && says('syntax error at or near "UNION"', 500)),
      'a file system answers': api((kid) => String(kid).includes('/') && says('{"error":"ENOENT: no such file"}')),
    },
    crashed: { 'a number ends in 500': { ...api((kid) => typeof kid === 'number' && { status: 500 }), ...byKey } },
  },
  skips: { 'the route answers everybody': bearerApi(() => ({ status: 200, json: {} })) },
  inconclusive: { 'the good token is refused afterwards': bearerApi(() => false) },
});
