import check from '../../../src/checks/token/expired-refused.js';
import { gifts, policy, protectedRoute } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import { another, verifyingApi } from '../../support/verifying-api.js';

const now = Date.UTC(2026, 10, 21, 12) / 1000;
const within =
  (leeway: number) =>
  ({ exp }: Record<string, unknown>) =>
    typeof exp === 'number' && exp + leeway > now;

describeCheck(check, {
  given: { token: gifts.token, route: protectedRoute },
  passes: {
    'it verifies exp': verifyingApi(within(0)),
    'it has a leeway of a minute': verifyingApi(within(60)),
    'it has a leeway of five minutes, and that is declared': {
      ...verifyingApi(within(299)),
      target: { policy: { ...policy, leeway: 300 } },
    },
  },
  reports: {
    'expired-accepted': {
      'it ignores exp': verifyingApi(() => true),
      'it has a leeway of a day': verifyingApi(within(86_400)),
    },
    'without-exp-accepted': {
      'it verifies exp only where there is one': verifyingApi(
        (claims) => claims.exp === undefined || within(0)(claims),
      ),
    },
    leeway: { 'it has a leeway of three minutes': verifyingApi(within(180)) },
    'text-accepted': {
      'it converts a text': verifyingApi(({ exp }) => exp !== undefined && Number(exp) > now),
    },
    crashed: {
      'an expired token ends in 500': verifyingApi((claims) => within(0)(claims) || { status: 500 }),
    },
  },
  skips: {
    'no secret is known': { ...verifyingApi(within(0)), material: {} },
    'another secret is known': { ...verifyingApi(within(0)), material: another },
  },
  inconclusive: {
    'a rightly minted token is refused, too': verifyingApi((claims) => claims.lockstep === undefined),
    'the good token is refused afterwards': verifyingApi(
      (claims) => claims.lockstep !== undefined && within(0)(claims),
    ),
    'an expired token is answered with a redirect': verifyingApi((claims) => within(0)(claims) || { status: 302 }),
  },
});
