import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { Caller, CallOptions, Probe } from '../core/probe.js';
import type { Reply } from '../core/reply.js';
import { items, pointer, reveals } from '../core/reply.js';
import type { Secret } from '../core/secret.js';
import type { Resource } from '../core/target.js';

/** The answer to a create, and what it made; null where the answer names nothing that can be addressed. */
export interface Creation {
  readonly reply: Reply;
  readonly made: { readonly id: string /** under the API's base */; readonly path: string } | null;
}

/** How a create differs from the plain one. */
export interface Otherwise {
  /** another path than the collection */
  readonly path?: string;
  /** `?...` after the path */
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
export async function create(
  { api, defer }: Probe,
  resource: Resource,
  canary: string,
  bearer: Secret,
  { path = resource.collection, query = '', fields = {}, options = {}, orOf }: Otherwise = {},
): Promise<Creation> {
  let made: Creation['made'] = null;
  defer(async ({ api }) => {
    for (const owner of orOf === undefined ? [bearer] : [bearer, orOf]) {
      // where it turned out to be somebody else's, only that one sees it
      if (owner === orOf && made !== null && !reveals(await api.get(made.path, { bearer: owner }), canary)) continue;
      const path = made?.path ?? (await lookUp(api, resource, canary, owner));
      if (path !== null && !(await remove(api, path, canary, owner))) {
        throw new LockstepError('left-behind', `${api.base}${path}`, { exit: Exit.problems });
      }
    }
  });
  const body = { ...Object(filled(resource.create, canary)), ...fields };
  const reply = await api.post(`${path}${query}`, body, { ...options, bearer });
  if (reply.status >= 200 && reply.status < 300) made = addressed(resource, reply.json);
  return { reply, made };
}

/** A template of the configuration with its canary. */
export function filled(template: unknown, canary: string): unknown {
  return JSON.parse(JSON.stringify(template).replaceAll('{canary}', canary));
}

/** Removes an object; true when a look afterwards does not show it any more, whatever the answer to the removal was. */
export async function remove(api: Caller, path: string, canary: string, bearer: Secret): Promise<boolean> {
  await api.send('DELETE', path, undefined, { bearer });
  return !reveals(await api.get(path, { bearer }), canary);
}

/** The path of what the owner's own list shows with this canary; null when it shows none. */
async function lookUp(api: Caller, resource: Resource, canary: string, bearer: Secret): Promise<string | null> {
  const list = await api.get(resource.collection, { bearer });
  if (!reveals(list, canary)) return null;
  const item = items(list.json).find((each) => JSON.stringify(each).includes(canary));
  const found = addressed(resource, item);
  if (found === null) throw new LockstepError('left-behind', `an object in ${list.url}`, { exit: Exit.problems });
  return found.path;
}

/** Where an object is; null for one without an id, and for an id that would lead to another place (RFC 3986 5.2.4). */
function addressed(resource: Resource, object: unknown): Creation['made'] {
  const id = pointer(object, resource.id);
  if ((typeof id !== 'string' && typeof id !== 'number') || ['', '.', '..'].includes(String(id))) return null;
  return { id: String(id), path: resource.item.replaceAll('{id}', encodeURIComponent(String(id))) };
}
