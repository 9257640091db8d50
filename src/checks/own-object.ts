import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { Caller, Probe } from '../core/probe.js';
import type { Reply } from '../core/reply.js';
import { items, pointer, reveals } from '../core/reply.js';
import type { Secret } from '../core/secret.js';
import type { Resource } from '../core/target.js';

/** The answer to a create, and what it made; null where the answer names nothing that can be addressed. */
export interface Creation {
  readonly reply: Reply;
  readonly made: { readonly id: string /** under the API's base */; readonly path: string } | null;
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
): Promise<Creation> {
  let made: Creation['made'] = null;
  defer(async ({ api }) => {
    const path = made?.path ?? (await lookUp(api, resource, canary, bearer));
    if (path !== null && !(await remove(api, path, canary, bearer))) {
      throw new LockstepError('left-behind', `${api.base}${path}`, { exit: Exit.problems });
    }
  });
  const body: unknown = JSON.parse(JSON.stringify(resource.create).replaceAll('{canary}', canary));
  const reply = await api.post(resource.collection, body, { bearer });
  if (reply.status >= 200 && reply.status < 300) made = addressed(resource, reply.json);
  return { reply, made };
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
