import check from '../../../src/checks/config/replicas-agree.js';
import type { HttpRequest } from '../../../src/world.js';
import { gifts } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script, ScriptedReply } from '../../support/fake-world.js';

const user: ScriptedReply = { status: 200, json: { user: { id: 'user-a' } } };
const usual: Script = {
  'GET /api/auth/get-session?disableCookieCache=true': user,
  'GET /api/auth/token': { status: 200, json: { token: 'x' } },
  'GET /api/me': { status: 200, json: { id: 'user-a' } },
};
/** Every second answer is another one; of the first 20 only, where it `heals`. */
const inTurn = (line: string, one: ScriptedReply, other: ScriptedReply, heals = false): { http: Script } => ({
  http: { ...usual, [line]: (_, times) => (times % 2 === 1 && !(heals && times >= 20) ? other : one) },
});

/** A replica that does not know the session has the browser forget it. */
function forgetful() {
  let kept = 'better-auth.session_token=abc';
  const jar = {
    cookieHeader: async () => kept,
    async store(_: string, lines: readonly string[]) {
      if (lines.length > 0) kept = '';
    },
  };
  const cleared: [string, string] = ['set-cookie', 'better-auth.session_token=; Max-Age=0; Path=/'];
  const nobody: ScriptedReply = { status: 200, json: null, headers: [cleared] };
  const line = 'GET /api/auth/get-session?disableCookieCache=true';
  return {
    http: {
      ...usual,
      [line]: ({ headers }: HttpRequest, times: number) => (times % 2 === 1 && headers.cookie ? user : nobody),
    },
    given: { session: { ...gifts.session, jar }, token: gifts.token },
  };
}

describeCheck(check, {
  given: { session: gifts.session, token: gifts.token },
  passes: { 'all answers are alike': { http: usual } },
  reports: {
    disagree: {
      'every second auth server knows nobody': inTurn('GET /api/auth/get-session?disableCookieCache=true', user, {
        status: 200,
        json: null,
      }),
      'every second one knows nobody, and clears the cookie': forgetful(),
      'every second one gives no token': inTurn('GET /api/auth/token', { status: 200 }, { status: 401 }),
      'every second API refuses': inTurn('GET /api/me', { status: 200 }, { status: 401 }),
      'one API in twenty refuses': {
        http: { ...usual, 'GET /api/me': (_, times) => ({ status: times % 20 === 7 ? 401 : 200 }) },
      },
    },
  },
  inconclusive: {
    'it heals: a deployment was under way': inTurn('GET /api/me', { status: 200 }, { status: 401 }, true),
  },
});
