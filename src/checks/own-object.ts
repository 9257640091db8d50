import type { Caller } from '../core/probe.js';
import type { Reply } from '../core/reply.js';
import { pointer } from '../core/reply.js';
import type { Secret } from '../core/secret.js';
import type { Resource } from '../core/target.js';

/** The answer to a create, and what it made; null where the answer names no id. */
export interface Creation {
  readonly reply: Reply;
  readonly id: string | null;
  /** path of the new object under the API's base */
  readonly path: string;
}

/** Creates an object that holds `canary` wherever the resource's template says `{canary}`. */
export async function create(api: Caller, resource: Resource, canary: string, bearer: Secret): Promise<Creation> {
  const body: unknown = JSON.parse(JSON.stringify(resource.create).replaceAll('{canary}', canary));
  const reply = await api.post(resource.collection, body, { bearer });
  const found = pointer(reply.json, resource.id);
  const id = typeof found === 'string' || typeof found === 'number' ? String(found) : null;
  return { reply, id, path: resource.item.replaceAll('{id}', encodeURIComponent(id ?? '')) };
}

/** Removes what `create` made; throws where it stays. */
export async function remove(api: Caller, path: string, bearer: Secret): Promise<void> {
  const gone = await api.send('DELETE', path, undefined, { bearer });
  if (gone.status > 299 && gone.status !== 404) throw new Error(`${gone.url} answered ${gone.status} to its removal`);
}
