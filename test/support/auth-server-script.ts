import { asHeader, isSealedBy, type SessionCookie, sealOf, sessionCookieIn } from '../../src/checks/session-cookie.js';
import { Secret } from '../../src/core/secret.js';
import { gifts, tokens } from './deployment.js';
import type { Script, ScriptedReply } from './fake-world.js';
import { theSecret } from './verifying-api.js';

const name = 'better-auth.session_token';
export const cookieOf = (token: string): SessionCookie => ({ name, token, mac: sealOf(token, new Secret(theSecret)) });
export const live = cookieOf('live');
export const jar = { ...gifts.session.jar, cookieHeader: async () => `theme=dark; ${asHeader(live)}` };
/** the gift of session/login, with a cookie that is sealed as Better Auth seals */
export const session = { ...gifts.session, jar };
/** the same with cookies that are not Better Auth's */
export const foreign = { ...gifts.session, jar: { ...jar, cookieHeader: async () => 'sid=abc' } };

/** What a server makes of the session cookie: who it is, nobody, or an answer of its own. */
type Knows = (cookie: SessionCookie | null, sealed: boolean, times: number) => boolean | ScriptedReply;

/** `get-session` and the token route of a server that reads the cookie in one place. */
export function authServer(knows: Knows, more: Script = {}): { readonly http: Script } {
  const ask =
    (yes: ScriptedReply, no: ScriptedReply): Extract<Script[string], (...args: never) => unknown> =>
    ({ headers }, times) => {
      const cookie = sessionCookieIn(headers.cookie ?? '') ?? bare(headers.cookie ?? '');
      const answer = knows(
        cookie,
        cookie !== null && cookie.mac.length === 32 && isSealedBy(cookie, new Secret(theSecret)),
        times,
      );
      return typeof answer === 'boolean' ? (answer ? yes : no) : answer;
    };
  return {
    http: {
      'GET /api/auth/get-session': ask(
        { status: 200, json: { user: { id: 'user-a', email: 'a@example.test' } } },
        { status: 200, json: null },
      ),
      'GET /api/auth/token': ask({ status: 200, json: { token: tokens.a } }, { status: 401, json: {} }),
      ...more,
    },
  };
}

/** A session cookie without a seal. */
function bare(header: string): SessionCookie | null {
  const value = /session_token=([^;]*)/.exec(header)?.[1];
  return value === undefined
    ? null
    : { name, token: decodeURIComponent(value).replace(/\.$/, ''), mac: Buffer.alloc(0) };
}

export const healthy: Knows = (cookie, sealed) => sealed && cookie?.token === 'live';
