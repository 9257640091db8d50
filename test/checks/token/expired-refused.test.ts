import check from '../../../src/checks/token/expired-refused.js';
import { Secret } from '../../../src/core/secret.js';
import { singleSecret } from '../../../src/token/secrets.js';
import { bearerOf, claimsOf, gifts, policy, protectedRoute, verifies } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';

const me: ScriptedReply = { status: 200, json: { id: 'user-a' } };
const refuses: ScriptedReply = { status: 401, json: { error: 'no token' } };
const now = Date.UTC(2026, 10, 21, 12) / 1000;
const secret = 'the-secret-of-the-tests';
const material = { candidates: [{ place: 'the test', set: singleSecret(new Secret(secret)) }] };

/** An API that verifies the signature and then asks `takes` what it thinks of the claims. */
const api = (takes: (claims: Record<string, unknown>) => boolean | ScriptedReply) => ({
  material,
  http: {
    'GET /api/me': (request: Parameters<typeof bearerOf>[0]) => {
      const jwt = bearerOf(request) ?? '';
      if (!verifies(jwt, secret)) return refuses;
      const answer = takes(claimsOf(jwt));
      return typeof answer === 'boolean' ? (answer ? me : refuses) : answer;
    },
  },
});
const within =
  (leeway: number) =>
  ({ exp }: Record<string, unknown>) =>
    typeof exp === 'number' && exp + leeway > now;

describeCheck(check, {
  given: { token: gifts.token, route: protectedRoute },
  passes: {
    'it verifies exp': api(within(0)),
    'it has a leeway of a minute': api(within(60)),
    'it has a leeway of five minutes, and that is declared': {
      ...api(within(299)),
      target: { policy: { ...policy, leeway: 300 } },
    },
  },
  reports: {
    'expired-accepted': {
      'it ignores exp': api(() => true),
      'it has a leeway of a day': api(within(86_400)),
    },
    'without-exp-accepted': {
      'it verifies exp only where there is one': api((claims) => claims.exp === undefined || within(0)(claims)),
    },
    leeway: { 'it has a leeway of three minutes': api(within(180)) },
    'text-accepted': {
      'it converts a text': api(({ exp }) => exp !== undefined && Number(exp) > now),
    },
    crashed: {
      'an expired token ends in 500': api((claims) => within(0)(claims) || { status: 500 }),
    },
  },
  skips: {
    'no secret is known': { ...api(within(0)), material: {} },
    'another secret is known': {
      ...api(within(0)),
      material: { candidates: [{ place: 'another', set: singleSecret(new Secret('another-secret')) }] },
    },
  },
  inconclusive: {
    'a rightly minted token is refused, too': api((claims) => claims.lockstep === undefined),
    'the good token is refused afterwards': api((claims) => claims.lockstep !== undefined && within(0)(claims)),
    'an expired token is answered with a redirect': api((claims) => within(0)(claims) || { status: 302 }),
  },
});
