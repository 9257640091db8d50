import { defineCheck } from '../../core/check.js';
import { marked, signedBy, withClaims, withFlippedSignature, withShortSignature } from '../../token/forge.js';
import { allRefused, bearing, refusalProblems } from '../refusals.js';
import route from './accepted-by-api.js';
import token from './fetch.js';

export default defineCheck({
  id: 'token/signature-verified',
  title: 'the API refuses a token whose signature is not that of the auth server',
  severity: 'critical',
  impact: 'reads',
  core: true,
  source: ['RFC 8725 3.3', 'RFC 7515 5.2', 'ASVS 9.1.1', 'WSTG-SESS-10'],
  needs: { token, route },
  problems: {
    ...refusalProblems,
    accepted: {
      level: 'fail',
      text: '{url} answered {status} to {what}',
      hint: 'verify the signature with a pinned algorithm: decoding a token verifies nothing',
    },
  },
  async run(probe, given) {
    const good = given.token.jwt.reveal();
    const stranger = probe.canary();
    const forgeries: [what: string, token: string][] = [
      ['a token with one flipped bit in its signature', withFlippedSignature(good)],
      ['a token for another user under the old signature', withClaims(good, { sub: stranger })],
      ['a token with an empty signature', withShortSignature(good, Number.POSITIVE_INFINITY)],
      ['a token with a signature cut by 4 bytes', withShortSignature(good, 4)],
    ];
    const key = probe.freshKey(given.token.alg);
    if (key !== null) {
      forgeries.push(['a token signed by a key that nobody published', await signedBy(good, key, marked(probe.now()))]);
    }
    const attempts = forgeries.map(([what, bearer]) => bearing(probe, given, what, bearer));
    return allRefused(probe, given, attempts, [stranger]);
  },
});
