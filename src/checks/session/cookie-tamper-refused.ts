import { defineCheck, ending, inconclusive, skip } from '../../core/check.js';
import { opens } from '../opens.js';
import type { SessionCookie } from '../session-cookie.js';
import { asHeader, sessionCookieIn } from '../session-cookie.js';
import session from './login.js';

export default defineCheck({
  id: 'session/cookie-tamper-refused',
  title: 'a session cookie that was changed by one bit is nobody',
  severity: 'critical',
  impact: 'reads',
  source: ['ASVS 7.2.1', 'ASVS 9.1.1', 'WSTG-SESS-01'],
  needs: { session },
  problems: {
    accepted: {
      level: 'fail',
      text: '{url} gives {what} to {cookie}',
      hint: 'the seal is not compared, or only its beginning: have Better Auth read the cookie, which compares the whole of it',
    },
    crashed: {
      level: 'warn',
      text: '{url} answered {status} to {cookie}',
      hint: 'it fails closed, but it crashes',
    },
  },
  async run(probe, { session }) {
    const cookie = sessionCookieIn(await session.jar.cookieHeader(`${probe.auth.base}/get-session`));
    if (cookie === null) return skip('the session is not in a cookie that Better Auth has signed');
    const before = await opens(probe, asHeader(cookie));
    if (before.found === null) return inconclusive('the session cookie alone opens nothing, even unchanged');
    const tried = await Promise.all(
      [
        { what: 'a session cookie with one flipped bit in its seal', changed: { ...cookie, mac: flipped(cookie.mac) } },
        {
          what: 'a session cookie with another token under the old seal',
          changed: { ...cookie, token: turned(cookie) },
        },
      ].map(async ({ what, changed }) => ({ what, ...(await opens(probe, asHeader(changed))) })),
    );
    const after = await opens(probe, asHeader(cookie));
    const taken = tried.flatMap(({ what, found }) => (found === null ? [] : [{ ...found, cookie: what }]));
    if (taken.length === 0 && after.found === null) return inconclusive('the session was over afterwards');
    return ending(
      taken.map((data) => ({ code: 'accepted' as const, data })),
      tried.flatMap(({ what, crashes }) =>
        crashes.map((data) => ({ code: 'crashed' as const, data: { ...data, cookie: what } })),
      ),
    );
  },
});

/** In the middle: the last character of its base64 carries bits that are no part of it. */
function flipped(mac: Buffer): Buffer {
  const other = Buffer.from(mac);
  other.writeUInt8(other.readUInt8(16) ^ 1, 16);
  return other;
}

function turned({ token }: SessionCookie): string {
  return `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
}
