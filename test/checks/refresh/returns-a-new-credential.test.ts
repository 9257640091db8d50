import check from '../../../src/checks/refresh/returns-a-new-credential.js';
import { gifts, hs256 } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';
import { testTime } from '../../support/minting.js';

const tokenOf = (n: number, life = 900) => hs256({ sub: 'user-a', iat: testTime + n, exp: testTime + n + life }, 'x');
const gives = (token: string, headers: readonly (readonly [string, string])[] = []): ScriptedReply => ({
  status: 200,
  json: { token },
  headers,
});
/** any query: what differs in each run is in it */
const server = (answer: (times: number) => ScriptedReply, otherwise: ScriptedReply = answer(0)) => ({
  http: new Proxy(
    { 'GET /api/auth/token': (_: unknown, times: number) => answer(times) },
    { get: (script, line) => (String(line).includes('?') ? otherwise : script['GET /api/auth/token']) },
  ),
});
const same = gives(tokenOf(0));

describeCheck(check, {
  given: { session: gifts.session, token: gifts.token },
  passes: {
    'each token is new': server((times) => gives(tokenOf(times))),
    'a short life is enough where each token is new': server((times) => gives(tokenOf(times, 20))),
    'the server keeps a token, and makes a new one in time': {
      ...server((times) => (times < 2 ? same : gives(tokenOf(60)))),
      longest: 70_000,
    },
    'the server keeps a token that lives for an hour': { ...server(() => gives(tokenOf(0, 3600))), longest: 70_000 },
  },
  reports: {
    cached: {
      'a cache says its age': server(() => gives(tokenOf(0), [['age', '2']])),
      'a CDN says that it was a hit': server(() => gives(tokenOf(0), [['cf-cache-status', 'HIT']])),
      'a cache says nothing of itself': server(() => same, gives(tokenOf(1))),
    },
    dying: {
      'the server keeps a token until its end': server(() => gives(tokenOf(0, 40))),
    },
  },
  skips: { 'the server keeps its tokens, and a minute is not allowed': server(() => same) },
  inconclusive: {
    'the session is over': server(() => ({ status: 401 })),
    'the second answer is no token': server((times) => (times === 0 ? same : { status: 500 })),
    'nobody answers': { http: { 'GET /api/auth/token': 'no answer' } },
  },
});
