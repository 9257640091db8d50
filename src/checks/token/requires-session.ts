import { randomBytes } from 'node:crypto';
import { defineCheck, inconclusive, pass, problem, skip, warn } from '../../core/check.js';
import type { Probe } from '../../core/probe.js';
import type { Reply } from '../../core/reply.js';
import { header, pointer } from '../../core/reply.js';
import session from '../session/login.js';
import type { SessionCookie } from '../session-cookie.js';
import { asHeader, isSealedBy, sealOf, sessionCookieIn } from '../session-cookie.js';
import token from './fetch.js';

export default defineCheck({
  id: 'token/requires-session',
  title: 'nobody gets a token without a live session',
  severity: 'critical',
  impact: 'reads',
  source: ['ASVS 7.2.1', 'WSTG-SESS-10'],
  needs: { session, token },
  problems: {
    issued: {
      level: 'fail',
      text: '{url} answered a token to {what}',
      hint: 'ask Better Auth for the session in that route, and answer 401 where it gives none',
    },
    crashed: {
      level: 'warn',
      text: '{url} answered {status} to {what}',
      hint: 'it fails closed, but it crashes: answer 401',
    },
  },
  async run(probe, { session }) {
    const { auth, target } = probe;
    const route = target.tokenRoute.value;
    const cookie = sessionCookieIn(await session.jar.cookieHeader(`${auth.base}${route}`));
    if (cookie === null) return skip('the session is not in a cookie that Better Auth has signed');
    const dead = await expired(probe, session.userId, cookie);
    const attempts: [what: string, cookie: string | null][] = [
      ['a request without a cookie', null],
      ['a cookie that another secret has sealed', asHeader({ ...cookie, mac: sealOf(cookie.token, randomBytes(32)) })],
      ...(dead === null ? [] : [['the cookie of a session that has expired', dead] as [string, string]]),
    ];
    const ask = (text: string | null) => auth.get(route, text === null ? {} : { headers: { cookie: text } });
    const replies = await Promise.all(attempts.map(async ([what, text]) => ({ what, reply: await ask(text) })));
    const issued = replies.find(({ reply }) => gives(reply));
    if (issued !== undefined) return problem('issued', { url: issued.reply.url, what: issued.what });
    const after = await ask(asHeader(cookie));
    if (!gives(after)) return inconclusive(`${after.url} answered ${after.status} to the live session afterwards`);
    const crash = replies.find(({ reply }) => reply.status >= 500);
    if (crash === undefined) return pass();
    const { url, status } = crash.reply;
    return warn(undefined, { code: 'crashed', data: { url, status, what: crash.what } });
  },
});

/** In the body, or in the header of the jwt plugin: whatever the status. */
function gives(reply: Reply): boolean {
  const said = [pointer(reply.json, '/token'), header(reply, 'set-auth-jwt')];
  return said.some((text) => typeof text === 'string' && text !== '');
}

/** Takes what only the database and the secret can give; null where either is missing, and then this is not asked. */
async function expired({ material }: Probe, userId: string, cookie: SessionCookie): Promise<string | null> {
  const secret = material.candidates.map(({ set }) => set.current).find((each) => isSealedBy(cookie, each));
  const token = secret === undefined ? null : await material.expiredSession(userId);
  if (secret === undefined || token === null) return null;
  return asHeader({ ...cookie, token: token.reveal(), mac: sealOf(token.reveal(), secret) });
}
