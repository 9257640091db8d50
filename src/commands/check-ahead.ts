import type { Material } from '../core/material.js';
import type { Step } from '../core/plan.js';
import type { Journal, World } from '../world.js';

export interface Ahead {
  readonly journal: Journal;
  readonly material: () => Promise<Material>;
  readonly world: Pick<World, 'sockets'>;
  /** users are to be made, and nobody knows yet whether they may be: until then nothing may be */
  readonly signsUp: boolean;
}

/**
 * To be called when a request of the run is on its way: the first time makes ready what the rest of the plan needs. A
 * server takes longer than that to hash the password of whoever signs in.
 */
export function ahead(steps: readonly Step[], { journal, material, world, signsUp }: Ahead): () => void {
  const wanted = steps.filter(({ barred }) => barred === null).map(({ check }) => check);
  const prepare = async () => {
    if (!signsUp && wanted.some(({ impact }) => impact === 'writes')) void journal.prepare();
    if (wanted.some(({ id }) => id.startsWith('ws/'))) await world.sockets.prepare?.();
    // what is wrong with it is for those to say who need it
    await material().catch(() => {});
  };
  let begun = false;
  return () => {
    if (begun) return;
    begun = true;
    void prepare();
  };
}
