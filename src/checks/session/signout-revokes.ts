import { defineCheck, ending, inconclusive, problem, skip } from '../../core/check.js';
import type { Secret } from '../../core/secret.js';
import { fetchToken } from '../fetch-token.js';
import { opens } from '../opens.js';
import { asHeader, sessionCookieIn } from '../session-cookie.js';
import { setCookiesIn } from '../set-cookie.js';
import type { Session } from '../sign-in.js';
import { spareSession } from '../sign-in.js';
import session from './login.js';

/** A session that was alive and has been signed out of. */
export interface Ended {
  /** all of its cookies, as a browser sent them */
  readonly cookies: string;
  /** as its sign-in set them */
  readonly headers: Session['headers'];
  /** a token that it got while it lived; null where it got none */
  readonly jwt: Secret | null;
}

/** Milliseconds that a store of sessions may need to tell all of its replicas. */
const longestLag = 2_000;

export default defineCheck({
  id: 'session/signout-revokes',
  title: 'after a sign-out the session is over, on the server and in the browser',
  severity: 'critical',
  impact: 'writes',
  core: true,
  source: ['ASVS 7.4.1', 'WSTG-SESS-06', 'OWASP API2:2023'],
  needs: { session },
  problems: {
    'still-alive': {
      level: 'fail',
      text: '{url} still gives {what} to the cookie of a session that has been signed out of, {seconds} s later',
      hint: 'delete the session where it is kept; a replica or a cache may answer with what was',
    },
    'cleared-elsewhere': {
      level: 'fail',
      text: '{url} clears the cookie {name} for another Path or Domain than it was set for: the browser keeps it',
      hint: 'clear it with the attributes that it was set with',
    },
    'not-cleared': {
      level: 'warn',
      text: '{url} ends the session and leaves the cookie {name} in the browser',
      hint: 'clear it with Max-Age=0',
    },
  },
  async run(probe, { session: owner }) {
    const spare = await spareSession(probe, owner);
    if ('kind' in spare) return spare;
    const { auth } = probe;
    const url = `${auth.base}/get-session`;
    const cookies = await spare.jar.cookieHeader(url);
    const cookie = sessionCookieIn(cookies);
    if (cookie === null) return skip('the session is not in a cookie that Better Auth has signed');
    const fetched = await fetchToken(probe, spare);
    const alive = await opens(probe, asHeader(cookie));
    if (alive.found === null) return inconclusive(`${url} does not know the session by its cookie alone`);

    const reply = await auth.post('/sign-out', {}, { jar: spare.jar });
    if (reply.status !== 200) return inconclusive(`${reply.url} answered ${reply.status}: nobody was signed out`);
    const began = probe.monotonic();
    let left = (await opens(probe, asHeader(cookie))).found;
    while (left !== null && probe.monotonic() - began < longestLag) {
      await probe.pause(250);
      left = (await opens(probe, asHeader(cookie))).found;
    }
    if (left !== null)
      return problem('still-alive', { ...left, seconds: Math.round((probe.monotonic() - began) / 1000) });

    const { name } = cookie;
    const kept = sessionCookieIn(await spare.jar.cookieHeader(url))?.token === cookie.token;
    const tried = setCookiesIn(reply.headers).some((each) => each.name === name);
    const data = { url: reply.url, name };
    const gives: Ended = {
      cookies,
      headers: spare.headers,
      jwt: fetched.kind === 'passed' ? fetched.gives.jwt : null,
    };
    return {
      ...ending(
        kept && tried ? [{ code: 'cleared-elsewhere' as const, data }] : [],
        kept && !tried ? [{ code: 'not-cleared' as const, data }] : [],
      ),
      gives,
    };
  },
});
