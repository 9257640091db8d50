import { defineCheck, inconclusive, pass, problem, skip, warn } from '../../core/check.js';
import { marked, signedBy, withClaims, withFlippedSignature, withShortSignature } from '../../token/forge.js';
import type { Attempt } from '../refusals.js';
import { refusalProblems, refusals } from '../refusals.js';
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
  async run({ api, canary, freshKey, now }, { token, route }) {
    const good = token.jwt.reveal();
    const stranger = canary();
    const forgeries: [what: string, token: string][] = [
      ['a token with one flipped bit in its signature', withFlippedSignature(good)],
      ['a token for another user under the old signature', withClaims(good, { sub: stranger })],
      ['a token with an empty signature', withShortSignature(good, Number.POSITIVE_INFINITY)],
      ['a token with a signature cut by 4 bytes', withShortSignature(good, 4)],
    ];
    const key = freshKey(token.alg);
    if (key !== null) {
      forgeries.push(['a token signed by a key that nobody published', await signedBy(good, key, marked(now()))]);
    }
    const attempts = forgeries.map<Attempt>(([what, bearer]) => ({
      what,
      send: () => api.get(route.path, { bearer }),
    }));

    const ruled = await refusals(attempts, { ...route, names: [...route.names, stranger] });
    const after = await api.get(route.path, { bearer: token.jwt });
    const [first, ...more] = ruled.accepted;
    if (first !== undefined)
      return { ...problem(first.code, first.data), problems: [first, ...more, ...ruled.crashed] as const };
    if (after.status !== route.control.status) {
      return inconclusive(`${after.url} answered ${after.status} to the good token afterwards`);
    }
    if (ruled.open) return skip(`${route.path} answers everybody alike`);
    if (ruled.unclear.length > 0) return inconclusive(ruled.unclear.join('; '));
    return ruled.crashed.length > 0 ? warn(undefined, ...ruled.crashed) : pass();
  },
});
