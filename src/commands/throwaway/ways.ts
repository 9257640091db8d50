import { LockstepError } from '../../core/errors.js';
import { Exit } from '../../core/exit.js';
import type { Probe } from '../../core/probe.js';
import { items, pointer } from '../../core/reply.js';
import { whyRowsStay } from '../../io/throwaway-rows.js';
import type { World } from '../../world.js';
import type { Administrator } from './administrator.js';

/** How a user can be removed whom nobody has made yet. */
export interface Ways {
  /** ids of the keys that the auth server publishes */
  readonly keys: readonly string[];
  /** a signed-in user may remove itself */
  readonly self: boolean;
  /** rows may be deleted in the database */
  readonly rows: boolean;
}

/**
 * Proves, without making anybody, that a user can be removed again: by itself, by an administrator, or in the database.
 * In words why not.
 * Throws where nobody answers, and where whoever answers is no Better Auth.
 */
export async function waysToRemove(probe: Probe, world: World, admin: Administrator | null): Promise<Ways | string> {
  const { auth, target } = probe;
  const ok = await auth.get('/ok');
  if (pointer(ok.json, '/ok') !== true) {
    throw new LockstepError('wrong-address', `${ok.url} answered ${ok.status}, which is not an answer of Better Auth`, {
      exit: Exit.unfinished,
      hint: 'give the base URL of Better Auth with its base path, for example http://localhost:3000/api/auth',
    });
  }
  const [keys, self] = await Promise.all([publishedKeys(probe), whySelfDeletionFails(probe)]);
  const rows = target.database === null ? 'no database is given' : await whyRowsStay(target.database, keys, world);
  if (self !== null && rows !== null) {
    // nobody signs in who is not needed
    const others = admin === null ? 'no administrator is given' : await admin.whyNot(probe);
    if (others !== null) return `no user is made who could not be removed again: ${self}; ${others}; ${rows}`;
  }
  return { keys, self: self === null, rows: rows === null };
}

/** The ids in the JWKS; none where there is none. */
export async function publishedKeys({ auth }: Probe): Promise<string[]> {
  const { json } = await auth.get('/jwks');
  return items(pointer(json, '/keys')).flatMap((key) => {
    const id = pointer(key, '/kid');
    return typeof id === 'string' ? [id] : [];
  });
}

/** Null where a user can remove itself: the route is on, and an address need not be verified before anybody signs in. */
async function whySelfDeletionFails({ auth, canary }: Probe): Promise<string | null> {
  // `POST /delete-user` asks for a session before it says that it is off; its callback says so first (1.2 to 1.7)
  const callback = await auth.get('/delete-user/callback?token=lockstep');
  if (pointer(callback.json, '/code') !== 'FAILED_TO_GET_USER_INFO') return 'self-deletion is off (user.deleteUser)';
  const mail = await auth.post('/send-verification-email', { email: `${canary()}@example.invalid` });
  const code = `${pointer(mail.json, '/code')} ${pointer(mail.json, '/message')}`;
  if (mail.status === 400 && /VERIFICATION_EMAIL|Verification email/.test(code)) return null;
  return 'addresses are verified by e-mail';
}
