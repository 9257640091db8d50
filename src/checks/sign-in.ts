import { inconclusive, pass, problem, skip } from '../core/check.js';
import { unanswered } from '../core/errors.js';
import type { Jar, Probe } from '../core/probe.js';
import type { Reply } from '../core/reply.js';
import { header, headers, pointer } from '../core/reply.js';
import type { Target, User } from '../core/target.js';
import { outOfCache } from './out-of-cache.js';

/** Somebody who is signed in: the jar holds the session. */
export interface Session {
  readonly email: string;
  readonly userId: string;
  readonly jar: Jar;
  /** of the answer to the sign-in */
  readonly headers: Reply['headers'];
  /** what the token route answers that was asked beside the look at the session; null where nobody did, or in trouble */
  readonly token?: Promise<Reply | null>;
}

export const signInProblems = {
  'wrong-address': {
    level: 'fail',
    text: '{url} answered {status} ({type}), which is not an answer of Better Auth',
    hint: 'give the base URL of Better Auth with its base path, for example http://localhost:3000/api/auth',
  },
  refused: {
    level: 'fail',
    text: '{url} answered {status} {code} to {user}',
    hint: 'see that signing in with e-mail and password is on, and what the log of the auth server says',
  },
  crashed: {
    level: 'fail',
    text: '{url} answered {status} to the sign-in of {user}',
    hint: 'read the log of the auth server',
  },
  'origin-refused': {
    level: 'fail',
    text: '{url} answered {status} {code} to a request from {origin}',
    hint: 'name the address by which browsers reach it, or add that origin to trustedOrigins: 127.0.0.1 is not localhost',
  },
  'no-cookie': { level: 'fail', text: '{url} took the password of {user} and set no session cookie' },
  'session-lost': {
    level: 'fail',
    text: '{url} knows nobody right after {user} signed in',
    hint: 'look at the cookie name, its Domain and Secure, at time zones of session rows, and for several replicas with different secrets, or each with a session store of its own',
  },
  'session-cached': {
    level: 'fail',
    text: '{url} knows nobody right after {user} signed in, and answers out of a cache ({header}: {value})',
    hint: 'a cache between here and there keeps what it told somebody else: have it leave that path alone',
  },
  'session-crashes': {
    level: 'fail',
    text: '{url} answered {status} right after {user} signed in',
    hint: 'with an empty body this is most likely a jwks row that was encrypted under another secret, or a hook of the jwt plugin (definePayload) that throws',
  },
  'wrong-person': {
    level: 'fail',
    text: '{url} takes {user} for {seen}',
    hint: 'it names the same person whoever asks (a fixed user that somebody put there for a test), or a cache keeps this path for everybody',
  },
  'cookie-ignored': {
    level: 'fail',
    text: '{url} names {user} without any cookie',
    hint: 'it answers whoever asks: a fixed user, or a cache that keeps this path for everybody',
  },
} as const;

/** Why there is nobody to sign in. */
export function noUser({ signUp }: Target, name: User['name']): string {
  const how = `set LOCKSTEP_${name.toUpperCase()}_EMAIL and LOCKSTEP_${name.toUpperCase()}_PASSWORD`;
  return signUp.includes(name) ? `no user ${name} was made: ${how}` : `no user ${name}: ${how}, or give --sign-up`;
}

export interface SignInOptions {
  /** comes with the sign-in, as from a browser that has one already */
  readonly cookie?: string | undefined;
  /** asks for a token, too, beside the look at the session */
  readonly withToken?: boolean;
}

/** Signs one user in and reads the session back: a fresh jar, one sign-in, and what an anonymous caller gets. */
export async function signIn(
  { auth, newJar, target }: Probe,
  user: User,
  { cookie, withToken = false }: SignInOptions = {},
) {
  const jar = newJar();
  const reply = await auth.post(
    '/sign-in/email',
    { email: user.email, password: user.password.reveal() },
    { jar, ...(cookie === undefined ? {} : { headers: { cookie } }) },
  );
  const { url, status } = reply;
  const code = String(pointer(reply.json, '/code') ?? 'without a code');
  const said = pointer(reply.json, '/user/id');
  if (code === 'EMAIL_NOT_VERIFIED') return skip(`${user.email} has not verified its address`);
  if (/CAPTCHA|MISSING_RESPONSE/.test(code)) return skip(`${url} wants a captcha`);
  if (pointer(reply.json, '/twoFactorRedirect') === true) return skip(`${user.email} has a second factor`);
  if (status >= 500) return problem('crashed', { url, status, user: user.email });
  if (!isAnswer(reply)) return problem('wrong-address', { url, status, type: kind(reply) });
  if (/ORIGIN/.test(code)) return problem('origin-refused', { url, status, code, origin: target.origin });
  // whoever asks with a wrong password has learnt nothing about the deployment
  if (status === 401) {
    return inconclusive(
      `${url} answered 401 ${code} to ${user.email}: see that it exists there and that its password is the right one`,
    );
  }
  if (status !== 200) return problem('refused', { url, status, code, user: user.email });
  if (headers(reply, 'set-cookie').length === 0) return problem('no-cookie', { url, user: user.email });

  // of the session it says nothing, and nobody waits for it here; where it came to nothing, whoever wants a token asks again
  const token = withToken
    ? auth.get(target.tokenRoute.value, { jar, toTheEnd: true }).then(tokenIn).catch(unanswered)
    : null;
  // told to whoever takes it
  token?.catch(() => {});
  const [{ session, seen, named }, nobody] = await Promise.all([
    auth.get('/get-session', { jar }).then(whoIn),
    auth.get('/get-session').then(whoIn),
  ]);
  const beside = token === null ? {} : { token };
  const userId = named ?? said;
  if (session.status >= 500) {
    const broken = problem('session-crashes', { url: session.url, status: session.status, user: user.email });
    // the cookie may be good all the same: what follows shows how much of the flow is broken
    const gives: Session = {
      email: user.email,
      userId: String(said),
      jar,
      headers: reply.headers,
      ...beside,
    };
    return { ...broken, gives };
  }
  if (session.status !== 200) return inconclusive(`${session.url} answered ${session.status}`);
  if (typeof seen !== 'string' || typeof userId !== 'string') {
    const kept = outOfCache(session);
    const about = { url: session.url, user: user.email };
    return kept === null ? problem('session-lost', about) : problem('session-cached', { ...about, ...kept });
  }
  // Better Auth keeps addresses in lower case
  if (seen.toLowerCase() !== user.email.toLowerCase()) {
    return problem('wrong-person', { url: session.url, user: user.email, seen });
  }
  if (nobody.seen === seen) return problem('cookie-ignored', { url: session.url, user: user.email });
  return pass<Session>({ email: user.email, userId, jar, headers: reply.headers, ...beside });
}

/**
 * Better Auth answers in JSON objects, and its refusals say so in words (`message`); only a 404 of a route that is not
 * there has no body.
 */
function isAnswer({ json, status }: Reply): boolean {
  if (typeof json !== 'object' || json === null || (status >= 300 && status < 400) || status === 404) return false;
  return status < 400 || [pointer(json, '/code'), pointer(json, '/message')].some((said) => typeof said === 'string');
}

// what follows is read as it comes: of answers that are large, one that nobody has looked at may be gone before another comes

function whoIn(session: Reply) {
  const { json } = session;
  return { session, seen: pointer(json, '/user/email'), named: pointer(json, '/user/id') };
}

/** What tells of the token, and no more; null where the route is in trouble. */
function tokenIn({ method, url, status, headers, json, ms }: Reply): Reply | null {
  return status >= 500
    ? null
    : { method, url, status, headers, text: '', json: { token: pointer(json, '/token') }, ms };
}

function kind(reply: Reply): string {
  const location = header(reply, 'location');
  if (location !== null) return `a redirect to ${location}`;
  return header(reply, 'content-type') ?? 'no body';
}

/**
 * Another session of the first user, for a check that changes or ends it; else how the check ends. It is signed out after
 * the run. Where a user may have one session only, another one would end that of all other checks.
 */
export async function spareSession(
  probe: Probe,
  owner: Session,
  cookie?: string,
): Promise<Session | ReturnType<typeof skip> | ReturnType<typeof inconclusive>> {
  const { users, policy } = probe.target;
  if (policy.sessions === 'single')
    return skip('policy.sessions is single: another sign-in would end the session of this run');
  if (users.a === null) return skip(noUser(probe.target, 'a'));
  const outcome = await signIn(probe, users.a, { cookie });
  if (outcome.kind === 'passed') {
    probe.defer(async ({ auth }) => void (await auth.post('/sign-out', {}, { jar: outcome.gives.jar })));
    return outcome.gives;
  }
  const why = outcome.kind === 'failed' ? outcome.problems[0].code : outcome.because;
  return inconclusive(`another sign-in of ${owner.email} did not succeed: ${why}`);
}

/** Whom a session endpoint knows; null for nobody. The status tells nothing: Better Auth answers 200 to anybody. */
export function personIn({ json }: Reply): string | null {
  const id = pointer(json, '/user/id');
  return typeof id === 'string' ? id : null;
}
