import { LockstepError } from '../core/errors.js';
import type { ExitCode } from '../core/exit.js';
import { Exit } from '../core/exit.js';
import type { World } from '../world.js';

/** The one place where bad news about the tool itself becomes words and a number. `args`: null where a report is out. */
export function tell(error: unknown, args: readonly string[] | null, world: World): ExitCode {
  const known = error instanceof LockstepError;
  const { code, message, hint, exit } = known ? error : bug(error);
  if (args?.includes('--json') === true && code !== 'output-lost') {
    const outcome = Object.entries(Exit).find(([, number]) => number === exit)?.[0];
    const body = {
      schemaVersion: 1,
      command: args.find((arg) => !arg.startsWith('-')) ?? null,
      outcome,
      error: { code, message, ...(hint === undefined ? {} : { hint }) },
    };
    world.stdout.write(`${JSON.stringify(body, null, 2)}\n`);
  } else {
    world.stderr.write(`lockstep: ${message}\n${hint === undefined ? '' : `→ ${hint}\n`}`);
  }
  return exit;
}

/** The stack as text, never the object: inspecting an error shows what it carries. */
function bug(error: unknown): LockstepError {
  const stack = error instanceof Error ? (error.stack ?? error.message) : 'something that is not an error was thrown';
  const hint = '`lockstep support` prints what a report of this needs';
  return new LockstepError('bug', `this is a bug in lockstep\n${stack}`, { exit: Exit.bug, hint });
}

/** The exit code of a run that was interrupted, null of one that was not. `args`: null where a report is out. */
export function interruption(args: readonly string[] | null, world: World): ExitCode | null {
  const { aborted, reason } = world.interrupted;
  if (!aborted) return null;
  // an error that nobody caught has ended the run, or an output that nobody can read
  if (reason instanceof Error && reason.name !== 'AbortError') return tell(reason, args, world);
  return reason === 'SIGTERM' ? Exit.terminated : reason === 'SIGHUP' ? Exit.hungUp : Exit.interrupted;
}
