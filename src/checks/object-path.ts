import type { MadeObject } from '../core/journal.js';
import type { Caller } from '../core/probe.js';
import type { Reply } from '../core/reply.js';
import { header } from '../core/reply.js';
import { idOf } from './listing.js';

export type Placed = MadeObject['resource'];

/** How one object is addressed. */
export interface ObjectPath {
  readonly id: string;
  /** under the API's base */
  readonly path: string;
}

/** Where `Location` says that an object is (RFC 9110 15.3.2), as long as that is a place of such objects here. */
export function located(resource: Placed, reply: Reply, { base }: Caller): ObjectPath | null {
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
export function addressed(resource: Placed, object: unknown): ObjectPath | null {
  return placed(resource, idOf(resource, object));
}

function placed(resource: Placed, id: string | null): ObjectPath | null {
  if (id === null || ['', '.', '..'].includes(id)) return null;
  return { id, path: resource.item.replaceAll('{id}', encodeURIComponent(id)) };
}
