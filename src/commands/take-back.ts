import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import { printable } from '../core/finding.js';
import { inWords } from '../core/journal.js';
import type { Leftover } from '../core/report.js';
import type { ProbeOptions } from '../io/probe.js';
import { createProbe } from '../io/probe.js';

/** For all of it together, whatever the deployment does: who pressed Ctrl-C waits no longer. */
const patience = 20_000;

/**
 * Takes back what a run made, last in, first out, also after an interruption; what stays is told, and stays on record.
 * A second signal meanwhile says what is left.
 */
export async function takenBack(made: ProbeOptions): Promise<Leftover[]> {
  const { undo, journal, world, target } = made;
  const open = () => journal.open().map(({ made: thing }) => `  ${printable(inWords(thing, target))}\n`);
  if (world.interrupted.aborted && open().length > 0) {
    world.stderr.write(`taking back from ${target.auth}:\n${open().toReversed().join('')}`);
  }
  world.lastWords(() => `\nleft behind, \`lockstep cleanup\` removes it:\n${open().join('')}`);
  const left: Leftover[] = [];
  const deadline = new AbortController();
  const cancel = world.timer(patience, () => deadline.abort());
  for (const action of undo.toReversed()) {
    await action(createProbe({ ...made, undo: [] }, deadline.signal)).catch((error: unknown) => {
      if (!(error instanceof LockstepError)) throw error;
      left.push({ what: error.message, seen: error.exit === Exit.problems });
    });
  }
  cancel();
  world.lastWords(null);
  await journal.close();
  return left;
}
