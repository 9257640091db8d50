import { randomBytes } from 'node:crypto';
import { defineCheck, ending, skip } from '../../core/check.js';
import { asHeader, sessionCookieIn } from '../session-cookie.js';
import type { Session } from '../sign-in.js';
import { spareSession } from '../sign-in.js';
import session from './login.js';

export default defineCheck({
  id: 'session/new-token-on-login',
  title: 'each sign-in makes a session of its own, whatever cookie comes with it',
  severity: 'medium',
  impact: 'reads',
  source: ['ASVS 7.2.4', 'WSTG-SESS-03', 'WSTG-SESS-11'],
  needs: { session },
  problems: {
    fixed: {
      level: 'fail',
      text: '{url} gave the session {which}, which came with the sign-in',
      hint: 'the sign-in keeps the session that the browser brings (session fixation): who planted that cookie there is now signed in, too. Make a new session at each sign-in',
    },
  },
  async run(probe, { session: owner }) {
    const url = `${probe.auth.base}/sign-in/email`;
    const own = sessionCookieIn(await owner.jar.cookieHeader(url));
    if (own === null) return skip('the session is not in a cookie that Better Auth has signed');
    const made = { ...own, token: randomBytes(24).toString('base64url'), mac: randomBytes(32) };
    const first = await spareSession(probe, owner, asHeader(made));
    if ('kind' in first) return first;
    const before = sessionCookieIn(await first.jar.cookieHeader(url));
    const second = await spareSession(probe, owner, before === null ? undefined : asHeader(before));
    if ('kind' in second) return second;
    const after = sessionCookieIn(await second.jar.cookieHeader(url));
    const fixed = [
      ...(before?.token === made.token ? ['of a made-up cookie'] : []),
      ...(before !== null && after?.token === before.token ? ['of the one before'] : []),
    ].map((which) => ({ code: 'fixed' as const, data: { url, which } }));
    return { ...ending(fixed), gives: second satisfies Session };
  },
});
