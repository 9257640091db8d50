import { LockstepError } from '../../core/errors.js';
import { Exit } from '../../core/exit.js';
import type { MadeUser } from '../../core/journal.js';
import type { Jar, Probe } from '../../core/probe.js';
import type { Reply } from '../../core/reply.js';
import { pointer } from '../../core/reply.js';
import type { Secret } from '../../core/secret.js';
import { removeRows } from '../../io/throwaway-rows.js';
import type { World } from '../../world.js';
import type { Administrator } from './administrator.js';
import { publishedKeys } from './ways.js';

/** What can remove a user, besides the user. */
export interface Powers {
  /** null where none is given */
  readonly admin: Administrator | null;
  /** removes the rows of an address; resolves to how many users it were. Null where no database is given */
  readonly rows: ((email: string) => Promise<number>) | null;
}

/** Removes rows also after an interruption; every step of it has a time limit of its own. */
export function rowsOf(database: Secret, world: World): (email: string) => Promise<number> {
  return (email) => removeRows(database, email, { ...world, interrupted: new AbortController().signal });
}

/** Somebody of whom a session is at hand already. */
export interface Known {
  readonly jar: Jar;
}

/**
 * Removes a throwaway user: says whether it was there. Throws where the user stays, and where nobody answers in a way
 * from which that could be told. A refused password counts as gone only at the auth server that knew the user.
 */
export async function removeUser(probe: Probe, user: MadeUser, powers: Powers, known: Known | null): Promise<boolean> {
  const session = (known === null ? null : await liveSession(probe, known.jar)) ?? (await signIn(probe, user));
  if (session === 'refused') {
    await sameServer(probe, user);
    // the password is dead, a row may be left all the same
    const by = [await powers.admin?.remove(probe, user.email), await powers.rows?.(user.email)];
    return by.some((removed = 0) => removed > 0);
  }
  const refusals: string[] = [];
  if (session !== 'locked') {
    const why = await selfDeletion(probe, session, user.password);
    if (why === null) {
      await powers.rows?.(user.email);
      return true;
    }
    refusals.push(why);
  } else refusals.push('it cannot sign in to remove itself');
  const { admin } = powers;
  if (admin !== null) {
    const why = await byAdministrator(probe, admin, user, session);
    if (why === null) return true;
    // whoever gave one wants to know this first
    refusals.unshift(why);
  }
  if (powers.rows !== null) {
    if ((await powers.rows(user.email)) > 0 && (session === 'locked' || (await isOut(probe, session)))) return true;
    refusals.push('the database given has no such user');
  }
  throw new LockstepError('left-behind', `user ${user.email} at ${probe.auth.base}: ${refusals.join('; ')}`, {
    exit: Exit.problems,
  });
}

/** The `Cookie` header of somebody who is signed in. */
type Cookies = string;

async function liveSession(probe: Probe, jar: Jar): Promise<Cookies | null> {
  const cookies = await jar.cookieHeader(`${probe.auth.base}/get-session`);
  return cookies === '' || (await isOut(probe, cookies)) ? null : cookies;
}

async function signIn({ auth, newJar }: Probe, { email, password }: MadeUser): Promise<Cookies | 'refused' | 'locked'> {
  const jar = newJar();
  const reply = await auth.post('/sign-in/email', { email, password: password.reveal() }, { jar });
  const code = String(pointer(reply.json, '/code') ?? '');
  if (reply.status === 200) return jar.cookieHeader(`${auth.base}/get-session`);
  if (reply.status === 401 && /^INVALID_EMAIL_OR_PASSWORD$|^INVALID_USERNAME_OR_PASSWORD$/.test(code)) return 'refused';
  if (reply.status === 403) return 'locked';
  throw unclear(reply, 'the sign-in of a throwaway user');
}

/** Null when the user is gone; else why not. */
async function selfDeletion(probe: Probe, cookies: Cookies, password: Secret): Promise<string | null> {
  const { auth } = probe;
  const reply = await auth.post('/delete-user', { password: password.reveal() }, { headers: { cookie: cookies } });
  const { url, status } = reply;
  if (status === 404) return `${url} answered 404, self-deletion is off there`;
  if (status === 200 && /verification/i.test(String(pointer(reply.json, '/message'))))
    return `${url} wants the deletion confirmed by e-mail`;
  if (status >= 500) throw unclear(reply, 'a deletion');
  if (status !== 200) return `${url} answered ${status} ${String(pointer(reply.json, '/code') ?? '')}`.trim();
  return (await isOut(probe, cookies)) ? null : `${url} answered 200, and the user is still there`;
}

/** Null when the user is gone; else why not. */
async function byAdministrator(
  probe: Probe,
  admin: Administrator,
  { email }: MadeUser,
  session: Cookies | 'locked',
): Promise<string | null> {
  try {
    if ((await admin.remove(probe, email)) === 0) return 'the administrator finds no such user';
  } catch (error) {
    if (error instanceof LockstepError && error.exit === Exit.problems) return error.message;
    throw error;
  }
  if (session === 'locked' || (await isOut(probe, session))) return null;
  return 'the administrator was told that it is removed, and the user is still there';
}

async function isOut({ auth }: Probe, cookies: Cookies): Promise<boolean> {
  // a cached session would outlive its user
  const reply = await auth.get('/get-session?disableCookieCache=true', { headers: { cookie: cookies } });
  if (reply.status !== 200 && reply.status !== 401) throw unclear(reply, 'a session');
  return typeof pointer(reply.json, '/user/id') !== 'string';
}

/** Another deployment at the same address knows nobody, and that says nothing about ours. */
export async function sameServer(probe: Probe, { keys }: MadeUser): Promise<void> {
  if (keys.length === 0) return;
  const now = await publishedKeys(probe);
  if (now.some((key) => keys.includes(key))) return;
  throw new LockstepError(
    'another-deployment',
    `${probe.auth.base} publishes none of the keys that it had: another deployment answers there, or a new database`,
    { exit: Exit.problems },
  );
}

function unclear({ url, status }: Reply, what: string): LockstepError {
  return new LockstepError('unclear', `${url} answered ${status} to ${what}`, { exit: Exit.unfinished });
}
