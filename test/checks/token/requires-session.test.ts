import { asHeader, isSealedBy, sealOf, sessionCookieIn } from '../../../src/checks/session-cookie.js';
import check from '../../../src/checks/token/requires-session.js';
import { Secret } from '../../../src/core/secret.js';
import { gifts, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';
import { another, known, theSecret } from '../../support/verifying-api.js';

const name = '__Secure-better-auth.session_token';
const cookieOf = (token: string) => ({ name, token, mac: sealOf(token, new Secret(theSecret)) });
const live = cookieOf('live');
const jar = { ...gifts.session.jar, cookieHeader: async () => `theme=dark; ${asHeader(live)}` };
const gives: ScriptedReply = { status: 200, json: { token: tokens.a } };
const refuses: ScriptedReply = { status: 401, json: { code: 'UNAUTHORIZED' } };

/** A server that reads the cookie and asks `takes`, which is told whether the seal is right. */
const server = (takes: (token: string | null, sealed: boolean) => boolean | ScriptedReply) => ({
  material: { ...known, expiredSession: async () => new Secret('expired') },
  http: {
    'GET /api/auth/token': ({ headers }: { headers: Readonly<Record<string, string>> }) => {
      const cookie = sessionCookieIn(headers.cookie ?? '');
      const answer = takes(cookie?.token ?? null, cookie !== null && isSealedBy(cookie, new Secret(theSecret)));
      return typeof answer === 'boolean' ? (answer ? gives : refuses) : answer;
    },
  },
});
const healthy = server((token, sealed) => sealed && token === 'live');

describeCheck(check, {
  given: { session: { ...gifts.session, jar }, token: gifts.token },
  passes: {
    'it wants a live session': healthy,
    'it sends everybody else to a page': server((token, sealed) => (sealed && token === 'live') || { status: 302 }),
    'an expired session cannot be had': { ...server((_, sealed) => sealed), material: known },
    'the secret is not known, so that none can be sealed': { ...server((_, sealed) => sealed), material: another },
  },
  reports: {
    issued: {
      'everybody gets one': server(() => true),
      'it answers it in a header': server(
        (token) => token === 'live' || { status: 200, json: null, headers: [['set-auth-jwt', tokens.a]] },
      ),
      'it does not look at the seal': server((token) => token === 'live'),
      'it does not look at the end of a session': server((_, sealed) => sealed),
    },
    crashed: {
      'it falls over a strange cookie': server((token, sealed) => (sealed && token === 'live') || { status: 500 }),
    },
  },
  skips: {
    'the session is in no cookie': {
      ...healthy,
      given: { session: { ...gifts.session, jar: { ...jar, cookieHeader: async () => 'sid=abc' } } },
    },
  },
  inconclusive: { 'the live session is over afterwards': server(() => false) },
});
