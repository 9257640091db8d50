import { defineCheck } from '../../core/check.js';
import { marked, signedBy, withClaims, withFlippedSignature, withShortSignature } from '../../token/forge.js';
import { allRefused, bearing, refusalProblems, withCauses } from '../refusals.js';
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
      text: '{url} answered {status} to {what}: {cause}',
      hint: 'verify the signature with a pinned algorithm, over header and payload, and with the key that the kid names',
    },
  },
  async run(probe, given) {
    const good = given.token.jwt.reveal();
    const stranger = probe.canary();
    const forgeries: [what: string, token: string][] = [
      [flipped, withFlippedSignature(good)],
      ['a token for another user under the old signature', withClaims(good, { sub: stranger })],
      [empty, withShortSignature(good, Number.POSITIVE_INFINITY)],
      ['a token with a signature cut by 4 bytes', withShortSignature(good, 4)],
    ];
    const key = probe.freshKey(given.token.alg);
    if (key !== null) {
      forgeries.push([unpublished, await signedBy(good, key, marked(probe.now()))]);
    }
    const attempts = forgeries.map(([what, bearer]) => bearing(probe, given, what, bearer));
    return withCauses(await allRefused(probe, given, attempts, [stranger]), (_, accepted) => causeOf(accepted));
  },
});

const flipped = 'a token with one flipped bit in its signature';
const empty = 'a token with an empty signature';
const unpublished = 'a token signed by a key that nobody published';

/** What of a verifier is missing, by what it lets through. */
function causeOf(accepted: readonly string[]): string {
  const took = (what: string) => accepted.includes(what);
  if (took(flipped) && took(empty)) return 'it decodes the token and does not verify it';
  if (took(flipped) && took(unpublished)) return 'any key, or none, is good enough for the signature';
  if (took(empty)) return 'where the signature is empty, nothing is verified';
  if (took(unpublished)) return 'it verifies with a key that is none of the published ones';
  return 'only a part of the token or of its signature is compared';
}
