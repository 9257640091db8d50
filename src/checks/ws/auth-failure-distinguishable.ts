import { defineCheck, pass, problem, skip, warn } from '../../core/check.js';
import type { Refused } from './unusable-token-refused.js';
import refusals, { howRefused } from './unusable-token-refused.js';

export default defineCheck({
  id: 'ws/auth-failure-distinguishable',
  title: 'a client can tell a refused token from a lost network and from a clean end',
  severity: 'high',
  impact: 'reads',
  core: true,
  source: ['RFC 6455 7.4.1', 'RFC 6455 7.4.2', 'IANA close codes 3000 and 3003', 'ASVS 16.5.3'],
  needs: { refusals },
  problems: {
    'looks-like-loss': {
      level: 'fail',
      text: '{url} refused {what} with {how}, which says that the network or the server has failed',
      hint: 'a client tries again for ever: accept and close with 4401, or refuse the handshake with 401',
    },
    'looks-clean': {
      level: 'fail',
      text: '{url} refused {what} with {how}, which says that all is well',
      hint: 'accept and close with 4401, or refuse the handshake with 401',
    },
    unnamed: {
      level: 'warn',
      text: '{url} refused {what} with {how}, which does not say that it is about the token',
      hint: 'close with 4401, or add the code to policy.authCloseCodes if your clients know it',
    },
  },
  async run({ target }, { refusals }) {
    const refused = refusals.filter(({ status, closed, acked }) => !acked && (status !== 101 || closed !== null));
    if (refused.length === 0) return skip('nothing was refused');
    const ruled = refused.map((one) => ({
      kind: kindOf(one, target.policy.authCloseCodes),
      data: { url: one.url, what: one.what, how: howRefused(one) },
    }));
    // the first of its kind stands for all: a server seldom has a way for each token
    const first = (kind: string) => ruled.find((one) => one.kind === kind)?.data;
    const [loss, clean, unnamed] = [first('loss'), first('clean'), first('unnamed')];
    if (loss !== undefined) return problem('looks-like-loss', loss);
    if (clean !== undefined) return problem('looks-clean', clean);
    return unnamed === undefined ? pass() : warn(undefined, { code: 'unnamed' as const, data: unnamed });
  },
});

/** What a client must take a refusal for (RFC 6455 7.4.1 and what clients make of it). */
function kindOf({ status, closed }: Refused, authCodes: readonly number[]): 'auth' | 'loss' | 'clean' | 'unnamed' {
  if (closed === null) {
    if (status === 401 || status === 403) return 'auth';
    return status === 0 || status >= 500 ? 'loss' : 'unnamed';
  }
  if (authCodes.includes(closed.code)) return 'auth';
  if (closed.code === 1000) return 'clean';
  return lossCodes.includes(closed.code) ? 'loss' : 'unnamed';
}

/** going away, no code, cut, internal error, restart, try again, bad gateway: what is tried again later */
const lossCodes = [1001, 1005, 1006, 1011, 1012, 1013, 1014];
