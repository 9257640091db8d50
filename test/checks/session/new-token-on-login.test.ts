import check from '../../../src/checks/session/new-token-on-login.js';
import { asHeader, sessionCookieIn } from '../../../src/checks/session-cookie.js';
import { authServer, cookieOf, foreign, session } from '../../support/auth-server-script.js';
import { policy } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';

/** A server whose sign-in answers a session by how often it was asked and by the token that came along. */
function server(issues: (times: number, presented: string) => string | null) {
  return authServer((cookie) => cookie !== null, {
    'POST /api/auth/sign-in/email': ({ headers }, times) => {
      const token = issues(times, sessionCookieIn(headers.cookie ?? '')?.token ?? '');
      if (token === null) return { status: 401, json: { code: 'INVALID' } };
      const cookie = ['set-cookie', `${asHeader(cookieOf(token))}; Path=/; HttpOnly`] as const;
      return { status: 200, json: { user: { id: 'user-a' } }, headers: [cookie] };
    },
    'POST /api/auth/sign-out': { status: 200, json: { success: true } },
  });
}

describeCheck(check, {
  given: { session },
  passes: { 'each sign-in makes one': server((times) => `new-${times}`) },
  reports: {
    fixed: {
      'it keeps what the browser has': server((_, presented) => presented),
      'it keeps what was made up': server((times, presented) => (times === 0 ? presented : `new-${times}`)),
      'it gives the one that lives already': server(() => 'always-the-same'),
    },
  },
  skips: {
    'a user may have one session only': {
      ...server(() => 'x'),
      target: { policy: { ...policy, sessions: 'single' } },
    },
    'the cookie is not that of Better Auth': { ...server(() => 'x'), given: { session: foreign } },
  },
  inconclusive: {
    'the second sign-in does not succeed': server((times) => (times === 0 ? 'new' : null)),
  },
});
