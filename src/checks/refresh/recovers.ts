import { defineCheck, inconclusive, pass, problem } from '../../core/check.js';
import { withFlippedSignature } from '../../token/forge.js';
import { isClientError, withClient } from '../reference-client.js';
import session from '../session/login.js';
import route from '../token/accepted-by-api.js';
import token from '../token/fetch.js';

const expected = 'call 401, refresh 200, call 200';

export default defineCheck({
  id: 'refresh/recovers',
  title: 'a client with a dead token refreshes once, retries once, and is through',
  severity: 'critical',
  impact: 'reads',
  core: true,
  judges: 'both',
  source: ['RFC 6750 3.1', 'ASVS 7.2.1', 'ASVS 10.4.8'],
  needs: { session, token, route },
  problems: {
    'not-401': {
      level: 'fail',
      text: '{url} answered {status} to a dead token, so that no client knows it should refresh',
      hint: 'answer 401 with `WWW-Authenticate: Bearer error="invalid_token"`',
    },
    'no-new-token': {
      level: 'fail',
      text: '{url} gave no new token to a live session: {why}',
      hint: 'it hands out the same token again, or one that has expired: sign a new one for each refresh, and keep none in a cache',
    },
    'refused-again': {
      level: 'fail',
      text: '{url} answered 401 to the token that was just refreshed',
      hint: 'it was signed by a key that the API does not know: look at how long it caches the JWKS, and whether that key is published',
    },
  },
  async run(probe, { session, token, route }) {
    const { api, auth, target } = probe;
    const refresh = () => auth.get(target.tokenRoute.value, { jar: session.jar });
    const dead = withFlippedSignature(token.jwt.reveal());
    const url = `${api.base}${route.path}`;
    return withClient(probe, { refresh, token: dead }, async ({ client, wire, lost }) => {
      const said = () => wire.map(({ kind, status }) => `${kind} ${status}`).join(', ');
      try {
        const { status } = await client.fetch(route.path);
        if (wire[0]?.status !== 401) return problem('not-401', { url, status });
        if (status !== 200) return inconclusive(`${url} answered ${status} after the refresh`);
        return said() === expected ? pass() : inconclusive(`it took ${said()} instead of ${expected}`);
      } catch (error) {
        if (lost() !== undefined) throw lost();
        if (!isClientError(error)) throw error;
        const { kind } = error.failure;
        if (kind === 'auth') return problem('refused-again', { url });
        const why = `${kind}, after ${said()}`;
        return problem('no-new-token', { url: `${auth.base}${target.tokenRoute.value}`, why });
      }
    });
  },
});
