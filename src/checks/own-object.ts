import { decodeJwt } from 'jose';
import type { CallOptions, Probe, Recorded } from '../core/probe.js';
import type { Reply } from '../core/reply.js';
import type { Secret } from '../core/secret.js';
import type { Resource } from '../core/target.js';
import { asking } from './listing.js';
import type { ObjectPath } from './object-path.js';
import { addressed, located } from './object-path.js';
import { takeBack } from './removal.js';

/** The answer to a create, and what it made; null where the answer names nothing that can be addressed. */
export interface Creation {
  readonly reply: Reply;
  readonly made: ObjectPath | null;
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
export async function create(
  probe: Probe,
  resource: Resource,
  canary: string,
  bearer: Secret,
  { path = resource.collection, query = '', fields = {}, options = {}, orOf }: Otherwise = {},
): Promise<Creation> {
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
  sending = ask();
  return sending;
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
