import check from '../../../src/checks/session/signout-revokes.js';
import { asHeader } from '../../../src/checks/session-cookie.js';
import { authServer, cookieOf, session } from '../../support/auth-server-script.js';
import { policy } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';

const line = (rest: string, cookie = asHeader(cookieOf('spare'))) =>
  ['set-cookie', `${cookie}; HttpOnly; ${rest}`] as const;
const cleared = line('Path=/; Max-Age=0', 'better-auth.session_token=');

interface Behaviour {
  /** requests with the cookie that a session outlives its end by */
  readonly lag?: number;
  readonly signIn?: ScriptedReply;
  readonly signOut?: ScriptedReply;
  readonly known?: boolean;
}

/** A server on which a sign-in makes the session `spare`, and a sign-out ends it. */
function server({ lag = 0, signIn, signOut, known = true }: Behaviour = {}) {
  let left = Number.POSITIVE_INFINITY;
  return authServer(
    (cookie, sealed) => {
      if (cookie?.token !== 'spare' || !sealed || !known) return false;
      left -= 1;
      return left >= 0;
    },
    {
      'POST /api/auth/sign-in/email': signIn ?? {
        status: 200,
        json: { user: { id: 'user-a' } },
        headers: [line('Path=/; SameSite=Lax')],
      },
      'POST /api/auth/sign-out': () => {
        // the promise to sign the spare out is kept after the run, too
        left = Math.min(left, lag);
        return signOut ?? { status: 200, json: { success: true }, headers: [cleared] };
      },
    },
  );
}

describeCheck(check, {
  given: { session },
  passes: {
    'it ends at once': server(),
    'a replica hears of it a moment later': server({ lag: 6 }),
  },
  reports: {
    'still-alive': {
      'the cookie is cleared and the session lives': server({ lag: Number.POSITIVE_INFINITY }),
    },
    'cleared-elsewhere': {
      'it clears the cookie of another path': server({
        signOut: { status: 200, json: {}, headers: [line('Path=/app; Max-Age=0', 'better-auth.session_token=')] },
      }),
    },
    'not-cleared': { 'it clears no cookie': server({ signOut: { status: 200, json: {} } }) },
  },
  skips: {
    'a user may have one session only': { ...server(), target: { policy: { ...policy, sessions: 'single' } } },
    'there is no user': { ...server(), target: { users: { a: null, b: null } } },
  },
  inconclusive: {
    'the second sign-in does not succeed': server({ signIn: { status: 401, json: { code: 'INVALID' } } }),
    'there is no sign-out': server({ signOut: { status: 404 } }),
  },
});
