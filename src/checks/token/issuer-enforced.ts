import { defineCheck, ending, skip, warn } from '../../core/check.js';
import type { Datum } from '../../core/finding.js';
import { provenMinter } from '../minter.js';
import { allRefused, bearing, refusalProblems } from '../refusals.js';
import route from './accepted-by-api.js';
import token from './fetch.js';

export default defineCheck({
  id: 'token/issuer-enforced',
  title: 'the API refuses a token that names another issuer',
  severity: 'high',
  impact: 'reads',
  source: ['RFC 8725 3.8', 'ASVS 9.2.2', 'ASVS 10.3.3'],
  needs: { token, route },
  problems: {
    ...refusalProblems,
    accepted: {
      level: 'fail',
      text: '{url} answered {status} to {what}',
      hint: 'tell the verifier the issuer: jose and PyJWT take it as the option `issuer`',
    },
    'one-secret': {
      level: 'warn',
      text: '{url} answered {status} to {what}, under the shared secret',
      hint: 'whatever else holds that secret can speak for the auth server: tell the verifier the issuer',
    },
    variant: {
      level: 'warn',
      text: '{url} answered {status} to {what}',
      hint: 'an issuer is compared letter by letter (RFC 8725 3.8)',
    },
  },
  async run(probe, given) {
    const { iss } = given.token.claims;
    if (typeof iss !== 'string' || iss === '') return skip('the tokens name no issuer');
    const minter = await provenMinter(probe, given);
    if ('kind' in minter) return minter;
    const sent = (list: readonly (readonly [what: string, iss: unknown])[]) =>
      allRefused(
        probe,
        given,
        list.map(([what, iss]) => bearing(probe, given, what, minter.mint({ iss }))),
      );
    const [ruled, variants] = await Promise.all([
      sent([
        ['a token of https://other.invalid', 'https://other.invalid'],
        ['a token without iss', undefined],
      ]),
      sent(spellings(iss).map((spelling) => [`a token of ${spelling}`, spelling])),
    ]);
    // with one key that only the two halves hold, iss tells little: it then divides those who share a secret
    if (ruled.kind === 'failed' && /^HS/.test(given.token.alg))
      return warn(undefined, ...taken(ruled.problems).map((data) => ({ code: 'one-secret' as const, data })));
    if (ruled.kind !== 'passed' || variants.kind !== 'failed') return ruled;
    const spelt = taken(variants.problems).map((data) => ({ code: 'variant' as const, data }));
    return ending([], [...ruled.problems, ...spelt]);
  },
});

type Answered = Readonly<Record<'url' | 'status' | 'what', Datum>>;

function taken(problems: readonly { readonly code: string; readonly data: Answered }[]): Answered[] {
  return problems.filter(({ code }) => code === 'accepted').map(({ data }) => data);
}

/** What the eye takes for the same issuer. */
function spellings(iss: string): string[] {
  const slash = iss.endsWith('/') ? iss.slice(0, -1) : `${iss}/`;
  const scheme = /^https:/.test(iss) ? iss.replace(/^https/, 'http') : iss.replace(/^http/, 'https');
  return [slash, scheme].filter((each) => each !== iss);
}
