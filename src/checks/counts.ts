import type { Probe } from '../core/probe.js';
import type { Reply } from '../core/reply.js';
import type { Secret } from '../core/secret.js';
import type { Resource } from '../core/target.js';
import type { OwnObject } from './isolation/owner-reads-back.js';
import { total } from './listing.js';
import { create } from './own-object.js';
import { remove } from './removal.js';

/** times that it is counted, where the count does not stay and does not move with the object */
const most = 4;

interface Along {
  /** the first page of B's own list */
  readonly first: Reply;
  readonly owner: Secret;
  readonly reader: Secret;
}

/**
 * B's count before and after another object of A's was there, where it moved with it, and with the next one too: where others
 * make and remove something of B's at the same time, it may do so once by chance. Null where it did not, and where B is shown
 * as much as is counted: then nothing of A's is.
 */
export async function countsAlong(probe: Probe, object: OwnObject, { first, owner, reader }: Along) {
  const { api } = probe;
  const { collection } = object.resource;
  let before = total(first);
  const [all, more] = arraysIn(first.json);
  if (all !== undefined && more === undefined && all.length === before) return null;
  let moved = false;
  for (let tries = 1; before !== null; tries += 1) {
    const life = await countsAround(probe, object.resource, { owner, reader });
    if (life === null) return null;
    const { after, again } = life;
    const moves = after > before && again < after;
    if (moves && moved) return { before, after };
    moved = moves;
    if ((after === before && again === before) || tries === most) return null;
    // something else came or went meanwhile, as other checks have it, or would have to do so again
    before = total(await api.get(collection, { bearer: reader }));
  }
  return null;
}

/** The arrays of a document that lie in no other one: of a list that has several nobody knows which of them is counted. */
function arraysIn(document: unknown): readonly unknown[][] {
  if (Array.isArray(document)) return [document];
  return typeof document === 'object' && document !== null ? Object.values(document).flatMap(arraysIn) : [];
}

interface Life {
  readonly owner: Secret;
  readonly reader: Secret;
}

/**
 * B's count after another object of A's has been made, and again after it was removed: what counts it rises with it and
 * falls without it. Null where there is no such object, or no count.
 */
async function countsAround(
  probe: Probe,
  resource: Resource,
  { owner, reader }: Life,
): Promise<{ after: number; again: number } | null> {
  const { api } = probe;
  const counted = async () => total(await api.get(resource.collection, { bearer: reader }));
  const canary = probe.canary();
  const creation = await create(probe, resource, canary, owner);
  if (creation.made === null) return null;
  const after = await counted();
  const counts: (number | null)[] = [];
  const gone = await remove(api, creation, canary, owner, async () => void counts.push(await counted()));
  const [again = null] = counts;
  return gone && after !== null && again !== null ? { after, again } : null;
}
