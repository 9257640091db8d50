import { defineCheck, ending, skip } from '../../core/check.js';
import { provenMinter } from '../minter.js';
import { allRefused, bearing, refusalProblems } from '../refusals.js';
import route from './accepted-by-api.js';
import token from './fetch.js';

export default defineCheck({
  id: 'token/audience-enforced',
  title: 'the API refuses a token that is meant for somebody else',
  severity: 'high',
  impact: 'reads',
  core: true,
  source: ['RFC 8725 3.9', 'RFC 7519 4.1.3', 'ASVS 9.2.3', 'ASVS 10.3.1', 'OWASP API2:2023'],
  needs: { token, route },
  problems: {
    ...refusalProblems,
    accepted: {
      level: 'fail',
      text: '{url} answered {status} to {what}',
      hint: 'tell the verifier its audience: jose and PyJWT take it as the option `audience`. policy.audience "any" declares that it is not enforced',
    },
    prefix: {
      level: 'warn',
      text: '{url} answered {status} to a token for {audience}',
      hint: 'compare the whole audience: somebody can register a name that begins like yours',
    },
  },
  async run(probe, given) {
    const { aud } = given.token.claims;
    const right: unknown = Array.isArray(aud) ? aud[0] : aud;
    if (probe.target.policy.audience === 'any') return skip('policy.audience declares that any audience will do');
    if (typeof right !== 'string' || right === '')
      return skip('the tokens have no audience: nothing tells an API whose they are');
    const minter = await provenMinter(probe, given);
    if ('kind' in minter) return minter;
    const longer = `${right}.invalid`;
    const foreign: [what: string, aud: unknown][] = [
      ['a token for https://other.invalid', 'https://other.invalid'],
      ['a token for nobody (aud is an empty list)', []],
      ['a token without aud', undefined],
    ];
    const [ruled, prefix] = await Promise.all([
      allRefused(
        probe,
        given,
        foreign.map(([what, aud]) => bearing(probe, given, what, minter.mint({ aud }))),
      ),
      allRefused(probe, given, [bearing(probe, given, longer, minter.mint({ aud: longer }))]),
    ]);
    if (ruled.kind !== 'passed' || prefix.kind !== 'failed') return ruled;
    const { url, status } = prefix.problems[0].data;
    return ending([], [...ruled.problems, { code: 'prefix', data: { url, status, audience: longer } }]);
  },
});
