import { LockstepError } from './core/errors.js';
import type { ExitCode } from './core/exit.js';
import { Exit } from './core/exit.js';
import { Redactor } from './core/redact.js';
import { workflowCommand } from './core/workflow-command.js';
import { interruption, tell } from './main/bad-news.js';
import { cleaned } from './main/cleaned.js';
import { dispatch, plainPage } from './main/dispatch.js';
import type { World } from './world.js';

/** The program: arguments and a world in, an exit code out. Nothing else in lockstep prints an error or ends a run. */
export async function main(args: readonly string[], world: World): Promise<ExitCode> {
  const page = plainPage(args, world);
  if (page !== null) {
    world.stdout.write(page);
    return Exit.ok;
  }
  // GitHub's runner reads both streams, and stdout is the product
  const masked = (value: string) => world.stderr.write(workflowCommand('add-mask', {}, value));
  const redactor = new Redactor(world.env.GITHUB_ACTIONS === 'true' ? masked : undefined);
  world.interrupted.addEventListener('abort', () => {
    if (typeof world.interrupted.reason === 'string')
      world.stderr.write('\ninterrupted: cleaning up; once more stops at once\n');
  });
  const json = args.some((arg) => /^(--(nd)?json|(--report=)?json=-)$/.test(arg));
  const guarded = {
    ...world,
    stdout: cleaned(world.stdout, redactor, { json, moves: false }),
    stderr: cleaned(world.stderr, redactor, { json: false, moves: world.stderr.isTTY }),
  };
  try {
    if (world.inspected) throw inspected();
    if (world.env.NODE_TLS_REJECT_UNAUTHORIZED === '0') throw unverified();
    const code = await dispatch(args, guarded, redactor);
    // a report is out, and a second document behind it would make both unreadable
    return interruption(null, guarded) ?? code;
  } catch (error) {
    return interruption(args, guarded) ?? tell(error, args, guarded);
  } finally {
    await world.http.close();
  }
}

/** Nothing of lockstep would heed it, but what runs beside lockstep does: no verdict is worth anything then. */
function unverified(): LockstepError {
  return new LockstepError('tls-unverified', 'NODE_TLS_REJECT_UNAUTHORIZED=0 is set: TLS would not be verified', {
    exit: Exit.usage,
    hint: 'unset it; --ca-file FILE trusts an authority of your own',
  });
}

/** Whoever comes to the port of the debugger reads every secret of the process: docs/decisions/151. */
function inspected(): LockstepError {
  return new LockstepError('inspected', '--inspect is on: a debugger would see the secrets of this run', {
    exit: Exit.usage,
    hint: 'run it without --inspect, also in NODE_OPTIONS',
  });
}
