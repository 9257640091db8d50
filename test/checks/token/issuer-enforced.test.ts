import check from '../../../src/checks/token/issuer-enforced.js';
import { claimsOf, protectedRoute } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import { another, bearerApi, byKeyRow, known, tokenWith, verifyingApi } from '../../support/verifying-api.js';

const right = 'https://app.example.test';
const strict = verifyingApi(({ iss }) => iss === right);
const keyRow = byKeyRow({ iss: right });
const byKey = (takes: (claims: Record<string, unknown>) => boolean) => ({
  ...bearerApi((jwt) => keyRow.verifies(jwt) && takes(claimsOf(jwt))),
  material: keyRow.material,
  given: { token: keyRow.token },
});

describeCheck(check, {
  given: { token: tokenWith({ iss: right }), route: protectedRoute },
  passes: { 'it wants its own issuer': strict, 'it wants its own issuer, by a key': byKey(({ iss }) => iss === right) },
  reports: {
    accepted: {
      'it ignores iss': byKey(() => true),
      'it looks at iss only where there is one': byKey(({ iss }) => iss === undefined || iss === right),
    },
    'one-secret': {
      'it ignores iss under a shared secret': verifyingApi(() => true),
      'it looks at iss only where there is one': verifyingApi(({ iss }) => iss === undefined || iss === right),
    },
    variant: {
      'it passes over a slash': verifyingApi(({ iss }) => iss === right || iss === `${right}/`),
      'it passes over the scheme': verifyingApi(({ iss }) => String(iss).replace('http:', 'https:') === right),
    },
    crashed: { 'a foreign issuer ends in 500': verifyingApi(({ iss }) => iss === right || { status: 500 }) },
  },
  skips: {
    'tokens name no issuer': { ...verifyingApi(() => true), given: { token: tokenWith({}) } },
    'no secret is known': { ...strict, material: {} },
    'another secret is known': { ...strict, material: another },
    'no database is given': { ...byKey(() => true), material: known },
  },
  inconclusive: {
    'a rightly minted token is refused, too': verifyingApi(({ lockstep }) => lockstep === undefined),
  },
});
