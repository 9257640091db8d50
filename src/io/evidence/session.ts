import type { TokenSeen } from '../../core/evidence/credential.js';
import type { SessionSeen } from '../../core/evidence/frontend.js';
import type { Reply } from '../../core/reply.js';
import { header, headers, pointer } from '../../core/reply.js';
import { Secret } from '../../core/secret.js';
import type { User } from '../../core/target.js';
import { readCredential } from '../../token/credential.js';
import { newJar } from '../jar.js';
import type { Line } from './ask.js';
import { ask } from './ask.js';
import type { FindFits } from './signed.js';
import { tokenSeen } from './signed.js';

/** Somebody who is signed in, and the token that came of it. */
export interface SignedIn {
  readonly userId: string | null;
  readonly email: string;
  readonly token: Secret | null;
}

/** Signs in once, reads the session back and fetches a token. `jwks` is looked at when the token is there. */
export async function lookAsUser(
  line: Line,
  where: { readonly auth: string; readonly tokenRoute: string },
  user: User,
  find: FindFits,
  tried: number,
  jwks: () => Promise<unknown>,
): Promise<{ seen: SessionSeen; user: SignedIn }> {
  const { auth, tokenRoute } = where;
  const jar = newJar(line.learn);
  const body = { email: user.email, password: user.password.reveal() };
  const signIn = await ask(line, `${auth}/sign-in/email`, { method: 'POST', body });
  const nobody = { cookie: null, session: null, known: false, route: tokenRoute, answer: null, token: null, tried };
  const out = { userId: null, email: user.email, token: null };
  const lines = signIn.reply === null ? [] : headers(signIn.reply, 'set-cookie');
  if (signIn.answer.status !== 200) return { seen: { signIn: signIn.answer, ...nobody }, user: out };

  await jar.store(`${auth}/sign-in/email`, lines);
  const cookie = sessionCookie(lines);
  const own = await jar.cookieHeader(`${auth}/get-session`);
  const [session, token] = await Promise.all([
    ask(line, `${auth}/get-session?disableRefresh=true`, { cookie: own }),
    ask(line, `${auth}${tokenRoute}`, { cookie: own }),
  ]);
  const text = pointer(token.reply?.json, '/token');
  const userId = pointer(session.reply?.json, '/user/id') ?? pointer(signIn.reply?.json, '/user/id');
  const jwt = typeof text === 'string' && text !== '' ? new Secret(text) : null;
  if (jwt !== null) line.learn(jwt.reveal());
  const seen: SessionSeen = {
    signIn: signIn.answer,
    cookie: cookie === null ? null : { name: cookie.name, fits: find(readCredential(cookie.value)).slice(0, 40) },
    session: session.answer,
    known: typeof pointer(session.reply?.json, '/user/id') === 'string',
    route: tokenRoute,
    answer: token.answer,
    token: jwt === null ? null : await judged(jwt, serverTime(token.reply, line.now()), find, jwks),
    tried,
  };
  return { seen, user: { userId: typeof userId === 'string' ? userId : null, email: user.email, token: jwt } };
}

/** The keys are asked for once more where that of the token was made only for it. */
async function judged(jwt: Secret, now: number, find: FindFits, jwks: () => Promise<unknown>): Promise<TokenSeen> {
  const seen = tokenSeen(jwt.reveal(), now, find, await jwks());
  return seen.published === false ? tokenSeen(jwt.reveal(), now, find, await jwks()) : seen;
}

function sessionCookie(lines: readonly string[]): { name: string; value: string } | null {
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^=;]*session_token)=([^;]*)/.exec(line) ?? [];
    if (value !== '') return { name, value };
  }
  return null;
}

function serverTime(reply: Reply | null, fallback: number): number {
  const said = reply === null ? Number.NaN : Date.parse(header(reply, 'date') ?? '');
  return Number.isNaN(said) ? fallback : said;
}
