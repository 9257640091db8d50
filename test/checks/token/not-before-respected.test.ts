import check from '../../../src/checks/token/not-before-respected.js';
import { gifts, policy, protectedRoute } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import { another, verifyingApi } from '../../support/verifying-api.js';

const now = Date.UTC(2026, 10, 21, 12) / 1000;
const from =
  (leeway: number) =>
  ({ nbf = 0, exp }: Record<string, unknown>) =>
    Number(nbf) - leeway <= now && Number(exp) > now;

describeCheck(check, {
  given: { token: gifts.token, route: protectedRoute },
  passes: {
    'it verifies nbf': verifyingApi(from(0)),
    'it has a leeway of a minute': verifyingApi(from(60)),
    'it has a leeway of ten minutes, and that is declared': {
      ...verifyingApi(from(600)),
      target: { policy: { ...policy, leeway: 600 } },
    },
  },
  reports: {
    accepted: { 'it ignores nbf': verifyingApi(() => true) },
    crashed: { 'it falls over nbf': verifyingApi((claims) => from(0)(claims) || { status: 500 }) },
  },
  skips: {
    'no secret is known': { ...verifyingApi(from(0)), material: {} },
    'another secret is known': { ...verifyingApi(from(0)), material: another },
  },
  inconclusive: {
    'a rightly minted token is refused, too': verifyingApi((claims) => claims.lockstep === undefined),
    'the good token is refused afterwards': verifyingApi((claims) => claims.lockstep !== undefined && from(0)(claims)),
  },
});
