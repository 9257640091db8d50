import { defineCheck, pass, problem, warn } from '../../core/check.js';
import token from './fetch.js';

const day = 86_400;

export default defineCheck({
  id: 'token/lifetime',
  title: 'the token lives for minutes, not for days',
  severity: 'medium',
  impact: 'offline',
  source: ['ASVS 7.3.2', 'ASVS 7.4.1', 'RFC 6750 5.3', 'RFC 9700 4'],
  needs: { token },
  problems: {
    endless: { level: 'fail', text: 'the token has no exp: it lives for ever', hint: 'give it 15 minutes' },
    days: {
      level: 'fail',
      text: 'the token lives for {hours} hours, and nothing can call it back meanwhile',
      hint: 'set jwt.expirationTime to "15m": a signed-in user gets the next one without noticing',
    },
    long: {
      level: 'warn',
      text: 'the token lives for {minutes} minutes, where {allowed} are the rule',
      hint: 'set jwt.expirationTime to "15m"; policy.tokenLifetime in lockstep.json declares another limit',
    },
  },
  async run({ target, now }, { token: { claims } }) {
    const exp = Number(claims.exp ?? Number.NaN);
    if (Number.isNaN(exp)) return problem('endless', {});
    const seconds = exp - Number(claims.iat ?? Math.floor(now() / 1000));
    if (seconds > day) return problem('days', { hours: Math.round(seconds / 3_600) });
    const { tokenLifetime } = target.policy;
    if (seconds <= tokenLifetime) return pass();
    const data = { minutes: Math.round(seconds / 60), allowed: Math.round(tokenLifetime / 60) };
    return warn(undefined, { code: 'long', data });
  },
});
