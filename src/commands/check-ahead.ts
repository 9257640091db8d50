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

export interface Readiness {
  /** to be called when a request of the run is on its way, or has come to nothing: the first time begins */
  sent(): void;
  /** resolves when all is ready */
  readonly ready: Promise<void>;
}

/**
 * Makes ready what the rest of a plan needs, once a request is on its way: a server takes longer than that to hash the
 * password of whoever signs in.
 */
export function ahead(steps: readonly Step[], { journal, material, world, signsUp }: Ahead): Readiness {
  const wanted = steps.filter(({ barred }) => barred === null).map(({ check }) => check);
  const prepare = async () => {
    if (!signsUp && wanted.some(({ impact }) => impact === 'writes')) void journal.prepare();
    if (wanted.some(({ id }) => id.startsWith('ws/'))) await world.sockets.prepare?.();
    // what is wrong with it is for those to say who need it
    await material().catch(() => {});
  };
  let begin = () => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  return { sent: begin, ready: begun.then(prepare) };
}
