import check from '../../../src/checks/session/csrf-origin-enforced.js';
import { authServer, foreign, session } from '../../support/auth-server-script.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';

/** A server of one session, and what it does with a sign-out by its Origin: end it, and answer. */
function server(
  signOut: (origin: string | undefined) => { readonly ends: boolean; readonly reply: ScriptedReply },
  over = false,
) {
  let ended = over;
  return authServer((cookie, sealed) => sealed && cookie?.token === 'live' && !ended, {
    'POST /api/auth/sign-out': ({ headers }) => {
      const { ends, reply } = signOut(headers.origin);
      ended ||= ends;
      return reply;
    },
  });
}
const refuses = { ends: false, reply: { status: 403, json: { code: 'INVALID_ORIGIN' } } };
const obeys = { ends: true, reply: { status: 200, json: { success: true } } };

describeCheck(check, {
  given: { spare: session },
  passes: {
    'it wants its own Origin': server(() => refuses),
    'it answers 400': server(() => ({ ends: false, reply: { status: 400 } })),
  },
  reports: {
    obeyed: {
      'it obeys any site': server(() => obeys),
      'it obeys who names no Origin': server((origin) => (origin === undefined ? obeys : refuses)),
      'it obeys and says no': server(() => ({ ...refuses, ends: true })),
    },
    accepted: { 'it says yes and does nothing': server(() => ({ ...obeys, ends: false })) },
    crashed: { 'it falls over a strange Origin': server(() => ({ ends: false, reply: { status: 500 } })) },
  },
  skips: {
    'there is no cookie': {
      ...server(() => obeys),
      given: { spare: { ...foreign, jar: { ...foreign.jar, cookieHeader: async () => '' } } },
    },
  },
  inconclusive: {
    'the session was over before': server(() => refuses, true),
    'the limit is used up': server(() => ({ ends: false, reply: { status: 429, headers: [['retry-after', '1']] } })),
  },
});
