import { seed as seedOfRun } from './seed.js';
import { seeded } from './seeded.js';

// how thoroughly faults are planted at the points of a run: LOCKSTEP_KILLS=all is each of them at every point, turns is one
// of them at every point, a number is the choice that an earlier run printed
const asked = process.env.LOCKSTEP_KILLS;
const seed = Number(asked) || seedOfRun;

/** Every fault at every point, which takes its time. */
const each = asked === 'all';
/** No point is left out. */
export const everywhere = each || asked === 'turns';

/** For the name of a test that cuts at `sampled` points: a failure says which they were. */
export const which = everywhere ? 'at every point' : `at points chosen by LOCKSTEP_KILLS=${seed}`;

/**
 * Faults as the rows of a table: one row, in which they come in turn from point to point, or, with LOCKSTEP_KILLS=all, one
 * row for each of them at every point.
 */
export function turns<T>(faults: readonly T[]): (readonly [readonly T[]])[] {
  return each ? faults.map((fault) => [[fault]] as const) : [[faults]];
}

/** The fault whose turn it is at the n-th point that is cut; another one in another run. */
export function turn<T>(faults: readonly T[], n: number): T {
  return faults[(n + seed) % faults.length] as T;
}

/** The points at which to cut, in their order: the first of each kind, and `more` of the others by chance. */
export function sampled<T>(points: readonly T[], kindOf: (point: T, index: number) => string, more: number): T[] {
  const kinds = points.map(kindOf);
  const others = [...points.keys()].filter((index) => kinds.indexOf(kinds[index] as string) !== index);
  seeded(seed).shuffle(others);
  const left = new Set(everywhere ? [] : others.slice(more));
  return points.filter((_, index) => !left.has(index));
}
