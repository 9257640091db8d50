import type { Kysely } from 'kysely';
import { complain } from '../child.js';
import type { Tables } from '../tables.js';

const every = 500;

/**
 * Hears of sessions that end: one look in half a second at those of all open sockets. A session that is not in the
 * database at all, because it is kept elsewhere, is none of ours.
 */
export function watchSessions(db: Kysely<Tables>) {
  const watched = new Map<string, Set<() => void>>();
  let planned = false;

  const among = async (ids: readonly string[]) => {
    const rows = await db.selectFrom('session').select('id').where('id', 'in', ids).execute();
    return new Set(rows.map(({ id }) => id));
  };
  const look = async () => {
    const asked = [...watched.keys()];
    if (asked.length === 0) return;
    const there = await among(asked);
    for (const id of asked) if (!there.has(id)) for (const ended of watched.get(id) ?? []) ended();
  };
  const plan = () => {
    if (planned || watched.size === 0) return;
    planned = true;
    const next = async () => {
      await look().catch(complain);
      planned = false;
      plan();
    };
    setTimeout(next, every).unref();
  };

  /** `ended` is called once the session is no more; resolves to how to stop */
  return async (session: string, ended: () => void): Promise<() => void> => {
    if (!(await among([session])).has(session)) return () => {};
    const all = watched.get(session) ?? new Set();
    watched.set(session, all.add(ended));
    plan();
    return () => {
      all.delete(ended);
      if (all.size === 0) watched.delete(session);
    };
  };
}
