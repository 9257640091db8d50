import { defineCheck, inconclusive, pass, problem, skip, warn } from '../../core/check.js';
import { pointer } from '../../core/reply.js';
import { opens } from '../opens.js';
import { asHeader, sessionCookieIn } from '../session-cookie.js';
import session from './login.js';

export default defineCheck({
  id: 'session/unsigned-token-refused',
  title: 'the bare session token, without its seal, opens nothing',
  severity: 'high',
  impact: 'reads',
  source: ['ASVS 3.3.4', 'ASVS 7.2.1'],
  needs: { session },
  problems: {
    accepted: {
      level: 'fail',
      text: '{url} gives {what} to a session token that nobody has sealed',
      hint: 'its seal is not checked where the session is looked up: have Better Auth read the cookie. As it is, a leaked table of sessions signs anybody in',
    },
    'as-bearer': {
      level: 'warn',
      text: '{url} gives a token to the bare session token as a bearer, which stands in the JSON of get-session',
      hint: 'a script in the page can carry it away in spite of HttpOnly: give bearer() the option requireSignature',
    },
  },
  async run(probe, { session }) {
    const { auth, target } = probe;
    const cookie = sessionCookieIn(await session.jar.cookieHeader(`${auth.base}/get-session`));
    if (cookie === null) return skip('the session is not in a cookie that Better Auth has signed');
    // bare, and with the dot that divides: what is looked up must be a session with no seal at all
    const bare = await Promise.all(
      [cookie.token, `${cookie.token}.`].map((value) => opens(probe, `${cookie.name}=${encodeURIComponent(value)}`)),
    );
    const bearer = await auth.get(target.tokenRoute.value, { bearer: cookie.token });
    const after = await opens(probe, asHeader(cookie));
    const taken = bare.find(({ found }) => found !== null)?.found;
    if (taken) return problem('accepted', taken);
    if (after.found === null) return inconclusive('the session cookie alone opens nothing, even with its seal');
    if (typeof pointer(bearer.json, '/token') !== 'string') return pass();
    return warn(undefined, { code: 'as-bearer', data: { url: bearer.url } });
  },
});
