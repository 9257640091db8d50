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

const logged = (log: string, text: string) => ({
  path: '/var/log/nginx/access.log',
  times: log.split(text).length - 1,
});

/** An API behind an edge with a log, which fetches the keys for a strange kid at most as often as it is let. */
const fetching = (most: number) => {
  const lines = ['127.0.0.1 - - "GET /api/auth/jwks" 200'];
  const strange = (kid: unknown) => {
    if (lines.length < most && /^canary/.test(String(kid))) lines.push('127.0.0.1 - - "GET /api/auth/jwks" 200');
    return false;
  };
  const accessLog = async (text: string) => logged(lines.join('\n'), text);
  return { ...api(strange), ...byKey, material: { accessLog } };
};

/** An API whose auth server has many others who fetch its keys: each look at the log finds more of them. */
const busy = () => {
  let lines = '';
  const line = '127.0.0.1 - - "GET /api/auth/jwks" 200\n';
  const accessLog = async (text: string) => {
    lines += line.repeat(12);
    return logged(lines, text);
  };
  return { ...api(() => false), ...byKey, material: { accessLog } };
};

describeCheck(check, {
  given: { token: gifts.token, route: protectedRoute },
  passes: {
    'a kid is looked up and leads nowhere': { ...api(() => false), ...byKey },
    'a secret is shared, and kid is not looked at': api(() => false),
    'the keys are fetched again for an unknown kid, and then not for a while': fetching(2),
    'as many fetches as the other checks of a run may cause': fetching(1 + 1 + 11),
    'others fetch the keys as often, whatever the API does': busy(),
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
    'fetches-each-time': { 'each unknown kid costs a fetch': fetching(Number.POSITIVE_INFINITY) },
    crashed: { 'a number ends in 500': { ...api((kid) => typeof kid === 'number' && { status: 500 }), ...byKey } },
  },
  skips: { 'the route answers everybody': bearerApi(() => ({ status: 200, json: {} })) },
  inconclusive: { 'the good token is refused afterwards': bearerApi(() => false) },
});
