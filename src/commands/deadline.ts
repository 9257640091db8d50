import { setMaxListeners } from 'node:events';
import { LockstepError, usage } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import { durationWords, parseDuration } from '../token/duration.js';
import type { World } from '../world.js';

/** What the checks of a run may take in all, where nobody says. */
export const usualDeadline = '15m';

/** Milliseconds of `--deadline`. */
export function deadlineOf(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === null || seconds === 0 || seconds > 86_400)
    throw usage(`--deadline ${text}: it is a time up to 24h, such as 5m`);
  return seconds * 1000;
}

export interface Deadline {
  /** aborted by an interruption, and when the time is over: then `reason` is a LockstepError */
  readonly signal: AbortSignal;
  /** the time is over, and nobody has interrupted the run */
  passed(): boolean;
  /** nothing waits for it any more */
  cancel(): void;
}

/** The end of a run as a whole, whatever the deployment and the checks do. */
export function deadlineIn(ms: number, { timer, interrupted }: Pick<World, 'timer' | 'interrupted'>): Deadline {
  const over = new AbortController();
  const why = `cut by the deadline of the run (--deadline ${durationWords(ms / 1000)})`;
  const cancel = timer(ms, () => over.abort(new LockstepError('deadline', why, { exit: Exit.unfinished })));
  const signal = AbortSignal.any([interrupted, over.signal]);
  // every check listens
  setMaxListeners(0, signal);
  return { signal, passed: () => over.signal.aborted && !interrupted.aborted, cancel };
}
