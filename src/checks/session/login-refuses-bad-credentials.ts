import { defineCheck, ending, inconclusive, skip } from '../../core/check.js';
import type { Reply } from '../../core/reply.js';
import { pointer } from '../../core/reply.js';
import { sessionCookieIn } from '../session-cookie.js';
import { setCookiesIn } from '../set-cookie.js';
import { noUser } from '../sign-in.js';
import session from './login.js';

export default defineCheck({
  id: 'session/login-refuses-bad-credentials',
  title: 'a wrong password and an unknown address are refused, and look the same',
  severity: 'high',
  impact: 'reads',
  source: ['ASVS 6.3.1', 'ASVS 6.3.8', 'WSTG-ATHN-03', 'WSTG-IDNT-04'],
  needs: { session },
  problems: {
    accepted: { level: 'fail', text: '{url} answered {status} to {what}, with {given}' },
    'tells-who-exists': {
      level: 'fail',
      text: '{url} answers {wrong} to a wrong password and {unknown} to an unknown address',
      hint: 'with that anybody learns who has an account: answer both with 401 INVALID_EMAIL_OR_PASSWORD',
    },
    crashed: { level: 'warn', text: '{url} answered {status} to {what}', hint: 'it fails closed, but it crashes' },
  },
  async run({ auth, target, canary }) {
    const user = target.users.a;
    if (user === null) return skip(noUser(target, 'a'));
    const tries = [
      { what: 'a wrong password', email: user.email },
      { what: 'an unknown address', email: `${canary()}@example.invalid` },
    ];
    // one each, and one after the other: never near what locks an account
    const said = [];
    for (const { what, email } of tries) {
      const reply = await auth.post('/sign-in/email', { email, password: canary() });
      const given = gift(reply);
      const { url, status } = reply;
      said.push({ what, reply, given, data: { url, status, what } });
    }
    const accepted = said.flatMap(({ given, data }) =>
      given === null ? [] : [{ code: 'accepted' as const, data: { ...data, given } }],
    );
    if (accepted.length > 0) return ending(accepted);
    const unclear = said.find(({ reply: { status } }) => status < 400 || status === 429);
    if (unclear !== undefined)
      return inconclusive(`${unclear.data.url} answered ${unclear.data.status} to ${unclear.what}`);
    const crashes = said.filter(({ reply }) => reply.status >= 500);
    if (crashes.length > 0)
      return ending(
        [],
        crashes.map(({ data }) => ({ code: 'crashed' as const, data })),
      );
    const [wrong = '', unknown = ''] = said.map(({ reply }) => inWords(reply));
    const url = said[0]?.data.url ?? auth.base;
    return ending(wrong === unknown ? [] : [{ code: 'tells-who-exists', data: { url, wrong, unknown } }]);
  },
});

/** What a refused sign-in must not give; null where it gives none of it. Cookies of other things are no matter. */
function gift(reply: Reply): string | null {
  if (reply.status >= 200 && reply.status < 300 && pointer(reply.json, '/user/id') !== undefined) return 'a user';
  const set = reply.headers.filter(([name]) => name === 'set-cookie').map(([, line]) => line.split(';')[0] ?? '');
  const sessions = setCookiesIn(reply.headers).filter(
    ({ name }, n) => /session_token$/.test(name) && /=./.test(set[n] ?? ''),
  );
  return sessions.length > 0 || set.some((pair) => sessionCookieIn(pair) !== null) ? 'a session cookie' : null;
}

function inWords({ status, json }: Reply): string {
  const code = pointer(json, '/code');
  return typeof code === 'string' ? `${status} ${code}` : String(status);
}
