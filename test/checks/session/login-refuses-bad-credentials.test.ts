import check from '../../../src/checks/session/login-refuses-bad-credentials.js';
import { gifts } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';

const refuses: ScriptedReply = { status: 401, json: { code: 'INVALID_EMAIL_OR_PASSWORD' } };
const cookie = ['set-cookie', 'better-auth.session_token=abc.def; Path=/; HttpOnly'] as const;
const answers = (wrong: ScriptedReply, unknown: ScriptedReply = wrong) => ({
  http: {
    'POST /api/auth/sign-in/email': ({ body }: { readonly body?: string }) =>
      String(body).includes('a@example.test') ? wrong : unknown,
  },
});

describeCheck(check, {
  given: { session: gifts.session },
  passes: {
    'both are refused alike': answers(refuses),
    'a refusal sets a cookie of another kind, and clears the session': answers({
      ...refuses,
      headers: [
        ['set-cookie', 'csrf=abc'],
        ['set-cookie', 'better-auth.session_token=; Max-Age=0'],
      ],
    }),
  },
  reports: {
    accepted: {
      'any password will do': answers({ status: 200, json: { user: { id: 'user-a' } } }),
      'an unknown address is signed up': answers(refuses, { status: 200, json: { user: { id: 'new' } } }),
      'a refusal comes with a session': answers({ ...refuses, headers: [cookie] }),
    },
    'tells-who-exists': {
      'an unknown address is 404': answers(refuses, { status: 404, json: { code: 'USER_NOT_FOUND' } }),
      'an unknown address has a code of its own': answers(refuses, { status: 401, json: { code: 'USER_NOT_FOUND' } }),
    },
    crashed: { 'an unknown address ends in 500': answers(refuses, { status: 500 }) },
  },
  skips: { 'there is no user': { ...answers(refuses), target: { users: { a: null, b: null } } } },
  inconclusive: {
    'both are redirected': answers({ status: 302 }),
    'the limit is used up': answers({ status: 429, headers: [['x-retry-after', '1']] }),
  },
});
