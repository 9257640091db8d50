import { writeSync } from 'node:fs';
import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { RealWorld } from './world.js';

/**
 * Sees to it that a run ends in a number of its own. Node ends a process that has nothing left to do, with 0, although a
 * promise is still waited for: nobody keeps it any more. Such a run is asked to end, as by an error that nobody caught, so
 * that it takes back what it made; where that wakes nothing either, the last words are said here.
 */
export function toItsEnd(run: Promise<number>, world: Pick<RealWorld, 'end' | 'left'>): void {
  let ended = false;
  let times = 0;
  run.then((code) => {
    ended = true;
    process.exitCode = code;
  });
  process.on('beforeExit', () => {
    // nothing is left to be written; by itself, Node would tear down its memory page by page first, which takes 10 ms
    if (ended) process.exit();
    times += 1;
    // first to those who wait for this very moment, as questions do whose input has ended
    if (times === 2) world.end(stranded());
    if (times <= 2) {
      // one more turn, also where nobody wakes
      setImmediate(() => {});
      return;
    }
    const { message, hint } = stranded();
    const left = world.left();
    try {
      writeSync(2, `lockstep: ${message}\n${left === '' ? '' : `${left.trim()}\n`}→ ${hint}\n`);
    } catch {}
    process.exit(Exit.bug);
  });
}

function stranded(): LockstepError {
  return new LockstepError('bug', 'this is a bug in lockstep: it waits for something that can no longer come', {
    exit: Exit.bug,
    hint: 'nothing was decided. `lockstep support` prints what a report of this needs; `lockstep cleanup` removes what may be left on a deployment',
  });
}
