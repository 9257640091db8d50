import { createSign, generateKeyPairSync, verify } from 'node:crypto';
import check from '../../../src/checks/token/issuer-enforced.js';
import { bearerOf, claimsOf, protectedRoute } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import { another, me, refuses, tokenWith, verifyingApi } from '../../support/verifying-api.js';

const right = 'https://app.example.test';
const strict = verifyingApi(({ iss }) => iss === right);

describeCheck(check, {
  given: { token: tokenWith({ iss: right }), route: protectedRoute },
  passes: { 'it wants its own issuer': strict },
  reports: {
    accepted: {},
    'one-secret': {
      'it ignores iss': verifyingApi(() => true),
      'it looks at iss only where there is one': verifyingApi(({ iss }) => iss === undefined || iss === right),
    },
    variant: {
      'it passes over a slash': verifyingApi(({ iss }) => iss === right || iss === `${right}/`),
      'it passes over the scheme': verifyingApi(({ iss }) => String(iss).replace('http:', 'https:') === right),
    },
    crashed: { 'a foreign issuer ends in 500': verifyingApi(({ iss }) => iss === right || { status: 500 }) },
  },
  skips: {
    'no secret is known': { ...strict, material: {} },
    'another secret is known': { ...strict, material: another },
  },
  inconclusive: {
    'a rightly minted token is refused, too': verifyingApi(({ lockstep }) => lockstep === undefined),
  },
});

describeCheck(check, {
  given: { token: tokenWith({}), route: protectedRoute },
  passes: {},
  reports: { accepted: {}, 'one-secret': {}, variant: {}, crashed: {} },
  skips: { 'tokens name no issuer': verifyingApi(() => true) },
});
