import { decodeJwt, decodeProtectedHeader } from 'jose';
import { pass, problem, skip } from '../core/check.js';
import type { Probe } from '../core/probe.js';
import type { Reply } from '../core/reply.js';
import { header, pointer } from '../core/reply.js';
import { Secret } from '../core/secret.js';
import type { Session } from './sign-in.js';

/** A token of the auth server, and what it says of itself (nothing here is verified). */
export interface Token {
  readonly jwt: Secret;
  readonly alg: string;
  readonly userId: string;
  /** by what an API may rightly call this user: the token's sub, the session's id and e-mail */
  readonly names: readonly string[];
  readonly claims: Readonly<Record<string, unknown>>;
}

export const fetchTokenProblems = {
  unauthorized: {
    level: 'fail',
    text: '{url} answered 401 to a user who has just signed in',
    hint: 'Better Auth answers 401 here also when its database is down, or when replicas have different secrets or session stores: look at /get-session and at its log',
  },
  crashed: {
    level: 'fail',
    text: '{url} answered {status}',
    hint: 'with an empty body this is most likely a jwks row that was encrypted under another secret, or a hook of the jwt plugin (definePayload) that throws',
  },
  'no-token': { level: 'fail', text: '{url} answered {status} ({type}) without a token' },
  'no-route': {
    level: 'fail',
    text: '{url} answered 404: there is no token route',
    hint: 'add the jwt plugin, or name the route as token.route',
  },
  malformed: { level: 'fail', text: '{url} answered a token that is not a JWT: {fault}' },
  unsigned: { level: 'fail', text: '{url} answered a token without a signature (alg {alg})' },
  'wrong-subject': {
    level: 'fail',
    text: '{url} gave {user} a token of {seen}',
    hint: 'a cache between here and the auth server may answer one user with the token of another',
  },
  'born-expired': {
    level: 'fail',
    text: '{url} answered a token that is already expired, since {seconds} s',
    hint: 'a number as jwt.expirationTime is a point in time, not a duration: write "15m"',
  },
} as const;

/** Fetches a token with a session, by the target's token route, or takes the one that came with the sign-in, and reads it. */
export async function fetchToken({ auth, target, now }: Probe, session: Session) {
  const route = target.tokenRoute;
  const reply = (await session.token) ?? (await auth.get(route.value, { jar: session.jar }));
  const { url, status } = reply;
  if (status === 404) {
    return route.declared
      ? problem('no-route', { url })
      : skip(`${url} answered 404: no jwt plugin and no token.route`);
  }
  if (status === 401) return problem('unauthorized', { url });
  if (status >= 500) return problem('crashed', { url, status });
  const text = pointer(reply.json, '/token');
  if (status !== 200 || typeof text !== 'string' || text === '') {
    return problem('no-token', { url, status, type: header(reply, 'content-type') ?? 'no body' });
  }
  const read = reading(text);
  if (typeof read === 'string') return problem('malformed', { url, fault: read });
  if (read.alg.toLowerCase() === 'none' || text.endsWith('.')) return problem('unsigned', { url, alg: read.alg });
  if (read.userId !== session.userId && read.userId !== session.email) {
    return problem('wrong-subject', { url, user: session.email, seen: read.userId });
  }
  const late = ((read.claims.exp as number | undefined) ?? Number.POSITIVE_INFINITY) - serverTime(reply, now());
  if (late <= 0) return problem('born-expired', { url, seconds: Math.round(-late) });
  return pass<Token>({
    jwt: new Secret(text),
    ...read,
    names: [...new Set([read.userId, session.userId, session.email])],
  });
}

/** The parts of a JWT, or in words why it is none. */
function reading(text: string): Pick<Token, 'alg' | 'userId' | 'claims'> | string {
  if (text.split('.').length !== 3) return `${text.split('.').length} parts instead of 3`;
  try {
    const { alg } = decodeProtectedHeader(text);
    const claims = decodeJwt(text);
    if (typeof alg !== 'string') return 'no alg in its header';
    if (typeof claims.sub !== 'string') return 'no sub in its claims';
    return { alg, userId: claims.sub, claims };
  } catch {
    return 'header or claims are not JSON in base64url';
  }
}

/** Seconds since the epoch by the server's own clock, so that a wrong clock here is not blamed on the token. */
function serverTime(reply: Reply, fallback: number): number {
  const said = Date.parse(header(reply, 'date') ?? '');
  return Math.floor((Number.isNaN(said) ? fallback : said) / 1000);
}
