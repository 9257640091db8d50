import type { AnyOutcome, ProblemSpecs } from '../../core/check.js';
import { LockstepError } from '../../core/errors.js';
import type { ExitCode } from '../../core/exit.js';
import { Exit } from '../../core/exit.js';
import { fill, printable } from '../../core/finding.js';
import type { World } from '../../world.js';

/** Tells on stderr why a step against a deployment gave nothing, for a command whose stdout is another product. */
export function tellOutcome(outcome: AnyOutcome, specs: ProblemSpecs, world: World): ExitCode {
  if (outcome.kind === 'skipped' || outcome.kind === 'inconclusive') {
    throw new LockstepError('no-token', printable(outcome.because), { exit: Exit.unfinished });
  }
  for (const { code, data } of outcome.problems) {
    const spec = specs[code];
    if (spec === undefined) continue;
    world.stderr.write(`${fill(spec.text, data)}  token/fetch.${code}\n`);
    if (spec.hint !== undefined) world.stderr.write(`→ ${fill(spec.hint, data)}\n`);
  }
  return Exit.problems;
}
