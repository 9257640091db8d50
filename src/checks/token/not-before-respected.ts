import { defineCheck } from '../../core/check.js';
import { provenMinter } from '../minter.js';
import { allRefused, bearing, refusalProblems } from '../refusals.js';
import route from './accepted-by-api.js';
import token from './fetch.js';

export default defineCheck({
  id: 'token/not-before-respected',
  title: 'the API refuses a token that is not valid yet',
  severity: 'low',
  impact: 'reads',
  source: ['RFC 7519 4.1.5', 'ASVS 9.2.1'],
  needs: { token, route },
  problems: {
    ...refusalProblems,
    accepted: { level: 'fail', text: '{url} answered {status} to {what}', hint: 'verify nbf where a token has it' },
  },
  async run(probe, given) {
    const minter = await provenMinter(probe, given);
    if ('kind' in minter) return minter;
    const late = 600 + probe.target.policy.leeway;
    const seconds = Math.floor(probe.now() / 1000) + late;
    // it must not end before it begins, or its end is what is refused
    const early = minter.mint({ nbf: seconds, exp: seconds + 60 });
    return allRefused(probe, given, [bearing(probe, given, `a token that is valid from in ${late} s on`, early)]);
  },
});
