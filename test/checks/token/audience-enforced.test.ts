import check from '../../../src/checks/token/audience-enforced.js';
import { policy, protectedRoute } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import { another, tokenWith, verifyingApi } from '../../support/verifying-api.js';

const right = 'https://api.example.test';
const list = (aud: unknown) => (Array.isArray(aud) ? aud : [aud]) as unknown[];
const strict = verifyingApi(({ aud }) => list(aud).includes(right));

describeCheck(check, {
  given: { token: tokenWith({ aud: right }), route: protectedRoute },
  passes: {
    'it wants its own audience': strict,
    'tokens have a list of audiences, and it wants its own': {
      ...strict,
      given: { token: tokenWith({ aud: [right, 'https://me.example.test'] }) },
    },
    'it takes the audience without regard to case': verifyingApi(({ aud }) =>
      list(aud).some((each) => String(each).toLowerCase() === right),
    ),
  },
  reports: {
    accepted: {
      'it ignores aud': verifyingApi(() => true),
      'it looks at aud only where there is one': verifyingApi(
        ({ aud }) => aud === undefined || list(aud).includes(right),
      ),
      'it takes an empty list for no restriction': verifyingApi(({ aud }) => list(aud).every((each) => each === right)),
    },
    prefix: {
      'it compares the beginning': verifyingApi(({ aud }) => list(aud).some((each) => String(each).startsWith(right))),
    },
    crashed: {
      'a foreign audience ends in 500': verifyingApi(({ aud }) => list(aud).includes(right) || { status: 500 }),
    },
  },
  skips: {
    'tokens have no audience': { ...verifyingApi(() => true), given: { token: tokenWith({}) } },
    'no secret is known': { ...strict, material: {} },
    'another secret is known': { ...strict, material: another },
    'any audience is declared to do': {
      ...verifyingApi(() => true),
      target: { policy: { ...policy, audience: 'any' } },
    },
  },
  inconclusive: {
    'a rightly minted token is refused, too': verifyingApi(({ lockstep }) => lockstep === undefined),
    'the good token is refused afterwards': verifyingApi(
      ({ aud, lockstep }) => lockstep !== undefined && list(aud).includes(right),
    ),
  },
});
