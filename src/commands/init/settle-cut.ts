import { relative } from 'node:path';
import { LockstepError } from '../../core/errors.js';
import { Exit } from '../../core/exit.js';
import type { World } from '../../world.js';

/** A run that was killed here is completed or undone first, and that is said; with --check it is only said. */
export async function settleCut(root: string, check: boolean, { workspace, stderr }: World): Promise<void> {
  if (!(await workspace.unsettled(root))) return;
  if (check) {
    throw new LockstepError('unsettled', 'a run that was cut has left files half-way', {
      exit: Exit.pending,
      hint: 'lockstep init',
    });
  }
  const named = (paths: readonly string[]) => paths.map((path) => relative(root, path)).join(', ');
  for (const { how, paths, changed } of await workspace.settle(root)) {
    stderr.write(`lockstep: a run that was cut is ${how}: ${named(paths)}\n`);
    if (changed.length > 0) stderr.write(`lockstep: changed since then, and left as it is: ${named(changed)}\n`);
  }
}
