import check from '../../../src/checks/token/lifetime.js';
import { policy } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import { tokenWith } from '../../support/verifying-api.js';

const now = Date.UTC(2026, 10, 21, 12) / 1000;
const lives = (seconds: number, iat: number | undefined = now) => ({
  given: { token: tokenWith({ ...(iat === undefined ? {} : { iat }), exp: (iat ?? now) + seconds }) },
});

describeCheck(check, {
  given: { token: tokenWith({}) },
  passes: {
    'it lives for 15 minutes': lives(900),
    'it lives for 15 minutes by a clock that is an hour ahead': lives(900, now + 3600),
    'it does not say since when': { given: { token: tokenWith({ exp: now + 900 }) } },
    'it lives for two hours, and that is declared': {
      ...lives(7200),
      target: { policy: { ...policy, tokenLifetime: 7200 } },
    },
  },
  reports: {
    endless: { 'it has no exp': {} },
    days: {
      'it lives for 30 days': lives(30 * 86_400),
      'it lives for a day and a second, whatever is declared': {
        ...lives(86_401),
        target: { policy: { ...policy, tokenLifetime: 86_400 } },
      },
    },
    long: { 'it lives for half an hour': lives(1800), 'it lives for a day': lives(86_400) },
  },
});
