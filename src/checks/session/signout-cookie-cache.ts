import { defineCheck, pass, problem, skip, warn } from '../../core/check.js';
import { opens } from '../opens.js';
import { isSessionPart, pairs } from '../session-cookie.js';
import { lifeOf, setCookiesIn } from '../set-cookie.js';
import ended from './signout-revokes.js';

/** Seconds: Better Auth's own maxAge, which its documentation warns of. */
const documented = 300;

export default defineCheck({
  id: 'session/signout-cookie-cache',
  title: 'after a sign-out the cached copy of the session opens nothing either',
  severity: 'high',
  impact: 'writes',
  source: ['ASVS 7.4.1', 'WSTG-SESS-06'],
  needs: { ended },
  problems: {
    'opens-for-long': {
      level: 'fail',
      text: '{url} gives {what} to the cookies of a session that has been signed out of, for up to {seconds} s',
      hint: 'session.cookieCache answers without asking the database: lower its maxAge, or turn it off',
    },
    opens: {
      level: 'warn',
      text: '{url} gives {what} to the cookies of a session that has been signed out of, for up to {seconds} s',
      hint: 'so session.cookieCache works, and each new token then lives its own time: turn it off where a sign-out must end at once',
    },
  },
  async run(probe, { ended: { cookies, headers } }) {
    const cached = pairs(cookies).some(({ name }) => isSessionPart(name) && name.includes('session_data'));
    if (!cached) return skip('there is no session_data cookie: sessions are not cached in cookies');
    const { found } = await opens(probe, cookies);
    if (found === null) return pass();
    const lives = setCookiesIn(headers)
      .filter(({ name }) => name.includes('session_data'))
      .map((cookie) => lifeOf(cookie, probe.now()));
    // one without an end lives as long as the browser does
    const seconds = lives.includes(null) ? Number.POSITIVE_INFINITY : Math.max(0, ...lives.map(Number));
    const data = { ...found, seconds: Number.isFinite(seconds) ? seconds : 'any' };
    return seconds > documented ? problem('opens-for-long', data) : warn(undefined, { code: 'opens', data });
  },
});
