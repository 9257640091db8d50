import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { MadeObject } from '../core/journal.js';
import type { Caller, Recorded } from '../core/probe.js';
import { items, reveals } from '../core/reply.js';
import type { Secret } from '../core/secret.js';
import type { ObjectPath } from './object-path.js';
import { addressed } from './object-path.js';
import { isTombstone } from './tombstone.js';

/** An object as it is on record. */
interface Sought extends Pick<MadeObject, 'resource' | 'canary'> {
  readonly path: string | null;
  /** the create was answered, and if it was not refused then the answer named `path` */
  readonly answered: boolean;
}

/**
 * Removes an object; says whether it was there. Throws where it stays, and where nobody says that it does not. Of several
 * owners all but the first are those whose it may have turned out to be: where it did, only they see it.
 */
export async function takeBack(api: Caller, sought: Sought, owners: readonly Secret[]): Promise<boolean> {
  let there = false;
  let trouble: LockstepError | null = null;
  for (const [i, bearer] of owners.entries()) {
    const { path: known, canary } = sought;
    if (i > 0 && known !== null && !reveals(await api.get(known, { bearer }), canary)) continue;
    const path = known ?? (await lookUp(api, sought, bearer));
    if (path === null) continue;
    const { removed, seen, status } = await removal(api, path, canary, bearer);
    const url = `${api.base}${path}`;
    if (seen === 'there') throw new LockstepError('left-behind', url, { exit: Exit.problems });
    if (seen === 'unclear') trouble ??= unclear(url, status);
    else there ||= removed;
  }
  // what one of them may no longer see another has taken back
  if (trouble !== null && !there) throw trouble;
  return there;
}

/**
 * Removes what a check has made and needs no more; true when a look afterwards does not show it, whatever the answer to the
 * removal was. Where both say so there is nothing left to take back. `beside` is done beside that look.
 */
export async function remove(
  api: Caller,
  { made, recorded }: { readonly made: ObjectPath | null; readonly recorded: Recorded },
  canary: string,
  bearer: Secret,
  beside?: () => Promise<unknown>,
): Promise<boolean> {
  if (made === null) return false;
  const { removed, seen } = await removal(api, made.path, canary, bearer, beside);
  if (removed && seen === 'gone') void recorded.gone();
  return seen === 'gone';
}

/** An answer to nobody (401), or of a server in trouble, does not say that an object is gone. */
async function removal(
  api: Caller,
  path: string,
  canary: string,
  bearer: Secret,
  beside: () => Promise<unknown> = async () => {},
) {
  const deleted = await api.send('DELETE', path, undefined, { bearer });
  const removed = deleted.status >= 200 && deleted.status < 300;
  const [after] = await Promise.all([api.get(path, { bearer }), beside()]);
  const { status } = after;
  const absent = (status >= 200 && status < 300) || status === 404 || status === 410 || (removed && status === 403);
  const shown = reveals(after, canary) && !(removed && isTombstone(after.json));
  return { removed, status, seen: shown ? 'there' : absent ? 'gone' : 'unclear' } as const;
}

/** The path of what the owner's own list shows with this canary; null when it shows none. */
async function lookUp(api: Caller, { resource, canary, answered }: Sought, bearer: Secret): Promise<string | null> {
  const list = await api.get(resource.collection, { bearer });
  // where a create was refused there may be no such list, or none for this user
  if ((list.status < 200 || list.status > 299) && !answered) throw unclear(list.url, list.status);
  if (!reveals(list, canary)) return null;
  const item = items(list.json).find((each) => JSON.stringify(each).includes(canary));
  const found = addressed(resource, item);
  if (found === null) throw new LockstepError('left-behind', `an object in ${list.url}`, { exit: Exit.problems });
  return found.path;
}

function unclear(url: string, status: number): LockstepError {
  return new LockstepError('unclear', `${url} answered ${status} when it was looked for`, { exit: Exit.unfinished });
}
