import type { Caller, Probe } from '../core/probe.js';
import type { Secret } from '../core/secret.js';
import type { OwnObject } from './isolation/owner-reads-back.js';
import { total } from './listing.js';
import type { Announced } from './own-object.js';
import { announce } from './own-object.js';
import { remove } from './removal.js';

/** times that it is counted, where the count does not stay and does not move with the object */
const most = 4;

interface Along {
  /** B's count; null where the list has none */
  readonly before: number | null;
  readonly another: Another;
  readonly owner: Secret;
  readonly reader: Secret;
}

/**
 * B's count before and after another object of A's was there, where it moved with it, and with the next one too: where others
 * make and remove something of B's at the same time, it may do so once by chance. Null where it did not.
 */
export async function countsAlong(probe: Probe, object: OwnObject, { before, another, owner, reader }: Along) {
  const { api } = probe;
  const { collection } = object.resource;
  let moved = false;
  for (let tries = 1; before !== null; tries += 1) {
    const life = await countsAround(api, another, { collection, owner, reader });
    if (life === null) return null;
    const { after, again } = life;
    const moves = after > before && again < after;
    if (moves && moved) return { before, after };
    moved = moves;
    if ((after === before && again === before) || tries === most) return null;
    // something else came or went meanwhile, as other checks have it, or would have to do so again
    another = announced(probe, object, owner);
    before = total(await api.get(collection, { bearer: reader }));
  }
  return null;
}

interface Another {
  readonly canary: string;
  readonly announced: Promise<Announced>;
}

/** One more object of A's. It is awaited where it is needed: what was leaked is said also where nothing can be put on record. */
export function announced(probe: Probe, { resource }: OwnObject, owner: Secret): Another {
  const canary = probe.canary();
  const announced = announce(probe, resource, canary, owner);
  announced.catch(() => {});
  return { canary, announced };
}

interface Life {
  readonly collection: string;
  readonly owner: Secret;
  readonly reader: Secret;
}

/**
 * B's count after another object of A's has been made, and again after it was removed: what counts it rises with it and
 * falls without it. Null where there is no such object, or no count.
 */
async function countsAround(
  api: Caller,
  { canary, announced }: Another,
  { collection, owner, reader }: Life,
): Promise<{ after: number; again: number } | null> {
  const counted = async () => total(await api.get(collection, { bearer: reader }));
  const creation = await (await announced).send();
  if (creation.made === null) return null;
  const after = await counted();
  const counts: (number | null)[] = [];
  const gone = await remove(api, creation, canary, owner, async () => void counts.push(await counted()));
  const [again = null] = counts;
  return gone && after !== null && again !== null ? { after, again } : null;
}
