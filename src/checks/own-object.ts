import { decodeJwt } from 'jose';
import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { MadeObject } from '../core/journal.js';
import type { Caller, CallOptions, Probe, Recorded } from '../core/probe.js';
import type { Reply } from '../core/reply.js';
import { header, items, reveals } from '../core/reply.js';
import type { Secret } from '../core/secret.js';
import type { Resource } from '../core/target.js';
import { asking, idOf } from './listing.js';
import { isTombstone } from './tombstone.js';

/** The answer to a create, and what it made; null where the answer names nothing that can be addressed. */
export interface Creation {
  readonly reply: Reply;
  readonly made: { readonly id: string /** under the API's base */; readonly path: string } | null;
  readonly recorded: Recorded;
}

/** How a create differs from the plain one. */
export interface Otherwise {
  /** another path than the collection */
  readonly path?: string;
  /** after the path */
  readonly query?: string;
  /** members beside those of the template */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly options?: CallOptions;
  /** somebody else whose it may turn out to be, and who can then remove it */
  readonly orOf?: Secret;
}

/**
 * Creates an object that holds `canary` wherever the resource's template says `{canary}`. Its removal is promised
 * before the request is sent: an object whose id never arrived is looked up by its canary.
 */
export async function create(...how: Parameters<typeof announce>): Promise<Creation> {
  return (await announce(...how)).send();
}

/** A create whose removal is promised, and which is yet to be sent; what is never sent has made nothing. */
export interface Announced {
  send(): Promise<Creation>;
}

/** As `create`, for a check that has other things to ask while the promise is written down. */
export async function announce(
  probe: Probe,
  resource: Resource,
  canary: string,
  bearer: Secret,
  { path = resource.collection, query = '', fields = {}, options = {}, orOf }: Otherwise = {},
): Promise<Announced> {
  let sending: Promise<Creation> | undefined;
  const { name, collection, item, id } = resource;
  const owners = orOf === undefined ? [bearer] : [bearer, orOf];
  const thing = {
    kind: 'object',
    resource: { name, collection, item, id },
    canary,
    owners: owners.map(ownerOf),
  } as const;
  const recorded = await probe.record(thing, async ({ api }) => {
    if (sending === undefined) return;
    // a check that was ended has not waited for the answer: what is not there yet would come after the look
    const answer = await sending.catch(() => null);
    await takeBack(api, { resource, canary, path: answer?.made?.path ?? null, answered: answer != null }, owners);
  });
  const body = { ...Object(filled(resource.create, canary)), ...fields };
  const ask = async (): Promise<Creation> => {
    const reply = await probe.api.post(asking(path, query), body, { ...options, bearer, toTheEnd: true });
    const made =
      reply.status >= 200 && reply.status < 300
        ? (addressed(resource, reply.json) ?? located(resource, reply, probe.api))
        : null;
    // it spares a later look, no more: nobody waits until it stands there
    void recorded.answered(made?.path ?? null);
    return { reply, made, recorded };
  };
  return {
    send() {
      sending = ask();
      return sending;
    },
  };
}

/** Objects that one create makes where something is wrong; more are not looked for. */
const mostCopies = 5;

/**
 * Promises the removal of what will be made with this canary in another way than by `create`, and may be made more than
 * once. The function that it resolves to hears each answer that made something.
 */
export async function promiseRemoval(
  probe: Probe,
  resource: Resource,
  canary: string,
  owner: Secret,
): Promise<(answer: unknown) => Promise<void>> {
  const { name, collection, item, id } = resource;
  const thing = { kind: 'object', resource: { name, collection, item, id }, canary, owners: [ownerOf(owner)] } as const;
  const paths: string[] = [];
  const recorded = await probe.record(thing, async ({ api }) => {
    const sought = { resource, canary, answered: true };
    for (const path of paths) await takeBack(api, { ...sought, path }, [owner]);
    for (let n = 0; n < mostCopies; n++) if (!(await takeBack(api, { ...sought, path: null }, [owner]))) return;
  });
  return async (answer) => {
    const path = addressed(resource, answer)?.path ?? null;
    if (path !== null) paths.push(path);
    await recorded.answered(path);
  };
}

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

/** By what its owner is called, as far as the token tells; nobody for a text that is no token. */
function ownerOf(bearer: Secret): string[] {
  try {
    const { sub, email } = decodeJwt(bearer.reveal());
    return [sub, email].filter((name) => typeof name === 'string');
  } catch {
    return [];
  }
}

/** A template of the configuration with its canary. */
export function filled(template: unknown, canary: string): unknown {
  return JSON.parse(JSON.stringify(template).replaceAll('{canary}', canary));
}

/**
 * Removes what a check has made and needs no more; true when a look afterwards does not show it, whatever the answer to the
 * removal was. Where both say so there is nothing left to take back. `beside` is done beside that look.
 */
export async function remove(
  api: Caller,
  { made, recorded }: Creation,
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

type Placed = MadeObject['resource'];

/** Where `Location` says that an object is (RFC 9110 15.3.2), as long as that is a place of such objects here. */
function located(resource: Placed, reply: Reply, { base }: Caller): Creation['made'] {
  const location = header(reply, 'location');
  if (location === null || !URL.canParse(location, reply.url)) return null;
  const { host, pathname } = new URL(location, reply.url);
  const [before = '', after = ''] = resource.item.replace(/\?.*$/, '').split('{id}');
  const beginning = `${new URL(base).pathname.replace(/\/$/, '')}${before}`;
  if (host !== new URL(reply.url).host || !pathname.startsWith(beginning) || !pathname.endsWith(after)) return null;
  const id = pathname.slice(beginning.length, pathname.length - after.length).replace(/\/$/, '');
  return /^[\w.~-]+$/.test(id) ? placed(resource, id) : null;
}

/** Where an object is; null for one without an id, and for an id that would lead to another place (RFC 3986 5.2.4). */
function addressed(resource: Placed, object: unknown): Creation['made'] {
  return placed(resource, idOf(resource, object));
}

function placed(resource: Placed, id: string | null): Creation['made'] {
  if (id === null || ['', '.', '..'].includes(id)) return null;
  return { id, path: resource.item.replaceAll('{id}', encodeURIComponent(id)) };
}
