import { defineCheck, inconclusive, pass, skip, warn } from '../../core/check.js';
import { refusal } from '../../core/refused.js';
import ended from '../session/signout-revokes.js';
import route from './accepted-by-api.js';
import token from './fetch.js';

export default defineCheck({
  id: 'token/after-signout',
  title: 'a token outlives the sign-out by minutes at most',
  severity: 'info',
  impact: 'writes',
  source: ['ASVS 7.4.1', 'WSTG-SESS-06'],
  needs: { token, route, ended },
  problems: {
    outlives: {
      level: 'warn',
      text: '{url} still takes the token of a session that has been signed out of, for another {minutes} minutes',
      hint: 'that is how tokens work; shorten their life, or have the API ask whether the session lives',
    },
  },
  async run({ api, target, now }, { token, route, ended }) {
    if (ended.jwt === null) return skip('the session got no token before it was signed out of');
    const reply = await api.get(route.path, { bearer: ended.jwt });
    const { kind } = refusal(reply, route);
    if (kind === 'refused' || kind === 'refused-otherwise') return pass();
    if (kind === 'public') return skip(`${route.path} answers everybody alike`);
    if (kind !== 'accepted') return inconclusive(`${reply.url} answered ${reply.status}`);
    // by the life of such tokens: this one is some moments old, and clocks differ
    const { exp, iat } = token.claims;
    const seconds = Number(exp) - Number(iat ?? Math.floor(now() / 1000));
    if (seconds <= target.policy.tokenLifetime) return pass();
    const minutes = Number.isNaN(seconds) ? 'any number of' : Math.round(seconds / 60);
    return warn(undefined, { code: 'outlives', data: { url: reply.url, minutes } });
  },
});
