import { LockstepError, Unreachable } from '../../core/errors.js';
import { Exit } from '../../core/exit.js';
import type { Jar, Probe } from '../../core/probe.js';
import type { Reply } from '../../core/reply.js';
import { items, pointer } from '../../core/reply.js';
import type { Account } from '../../core/target.js';

/** Somebody who removes others through Better Auth's admin plugin. Signs in when first asked, and once. */
export interface Administrator {
  /** in words why nobody could be removed; null where the plugin says that it may be done */
  whyNot(probe: Probe): Promise<string | null>;
  /** removes who has this address, and nobody else; resolves to how many users it were. Throws where one stays */
  remove(probe: Probe, email: string): Promise<number>;
  /** ends the session, if there is one */
  leave(probe: Probe): Promise<void>;
}

export function administrator({ email, password }: Account): Administrator {
  let session: Jar | null = null;

  async function signedIn({ auth, newJar }: Probe): Promise<Jar> {
    if (session !== null) return session;
    const jar = newJar();
    const reply = await auth.post('/sign-in/email', { email, password: password.reveal() }, { jar });
    if (reply.status !== 200) throw refused(reply, `the sign-in of ${email}`);
    session = jar;
    return jar;
  }

  return {
    async whyNot(probe) {
      try {
        const jar = await signedIn(probe);
        const asked = { permissions: { user: ['list', 'delete'] } };
        const { url, status, json } = await probe.auth.post('/admin/has-permission', asked, { jar });
        if (status === 404) return `${url} answered 404, the admin plugin is off there`;
        if (pointer(json, '/success') === true) return null;
        return `${url} answered ${status}: ${email} may not list and delete users`;
      } catch (error) {
        if (error instanceof LockstepError && error.code === 'refused-administrator') return error.message;
        throw error;
      }
    },
    async remove(probe, address) {
      const jar = await signedIn(probe);
      const { auth } = probe;
      const query = new URLSearchParams({ filterField: 'email', filterValue: address.toLowerCase(), limit: '10' });
      const list = await auth.get(`/admin/list-users?${query}`, { jar });
      if (list.status !== 200) throw refused(list, `${email}, who asked for ${address}`);
      // a server that does not know the filter lists everybody
      const found = items(pointer(list.json, '/users')).flatMap((user) => {
        const [id, whose] = [pointer(user, '/id'), pointer(user, '/email')];
        return typeof id === 'string' && String(whose).toLowerCase() === address.toLowerCase() ? [id] : [];
      });
      for (const userId of found) {
        const reply = await auth.post('/admin/remove-user', { userId }, { jar });
        if (reply.status !== 200 || pointer(reply.json, '/success') !== true)
          throw refused(reply, `${email}, who removes ${address}`);
      }
      return found.length;
    },
    async leave({ auth }) {
      if (session === null) return;
      const jar = session;
      session = null;
      await auth.post('/sign-out', {}, { jar }).catch((error: unknown) => {
        // it ends by itself
        if (!(error instanceof Unreachable)) throw error;
      });
    },
  };
}

/** Nobody is removed so, now; a server that crashed may answer later. */
function refused({ url, status, json }: Reply, what: string): LockstepError {
  const said = `${url} answered ${status} ${String(pointer(json, '/code') ?? '')}`.trim();
  return status >= 500
    ? new LockstepError('unclear', `${said} to ${what}`, { exit: Exit.unfinished })
    : new LockstepError('refused-administrator', `${said} to ${what}`, { exit: Exit.problems });
}
