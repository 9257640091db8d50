import { setMaxListeners } from 'node:events';
import type { Command as Commander } from 'commander';
import { LockstepError, usage } from '../core/errors.js';
import type { ExitCode } from '../core/exit.js';
import { Exit } from '../core/exit.js';
import { durationWords, parseDuration } from '../token/duration.js';
import type { Prompt, World } from '../world.js';
import type { Call } from './command.js';

/** What a run may take in all, where nobody says. */
export const usualDeadline = '15m';

export interface DeadlineOptions {
  readonly deadline?: string;
}

export function declareDeadline(commander: Commander): Commander {
  return commander.option('--deadline <duration>', `cut what is not done after so long; ${usualDeadline} otherwise`);
}

/** Milliseconds of `--deadline`. */
export function deadlineOf(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === null || seconds === 0 || seconds > 86_400)
    throw usage(`--deadline ${text}: it is a time up to 24h, such as 5m`);
  return seconds * 1000;
}

export interface Patience {
  /** milliseconds that were allowed on purpose, beside the deadline: `--wait` */
  readonly beside?: number;
  /** what to do about a run that was cut */
  readonly hint?: string;
}

export interface Deadline {
  /** aborted by an interruption, and when the time is over: then `reason` is a LockstepError */
  readonly signal: AbortSignal;
  /** the time is over, and nobody has interrupted the run */
  passed(): boolean;
  /** the time that this takes does not count */
  held<T>(work: () => Promise<T>): Promise<T>;
  /** nothing waits for it any more */
  cancel(): void;
}

/** The end of a run as a whole, whatever the deployment and lockstep do. */
export function deadlineIn(
  ms: number,
  { timer, monotonic, interrupted }: Pick<World, 'timer' | 'monotonic' | 'interrupted'>,
  { beside = 0, hint }: Patience = {},
): Deadline {
  const over = new AbortController();
  const why = `cut by the deadline of the run (--deadline ${durationWords(ms / 1000)})`;
  const signal = AbortSignal.any([interrupted, over.signal]);
  // every check listens
  setMaxListeners(0, signal);
  let left = ms + beside;
  const go = () => {
    const since = monotonic();
    const cancel = timer(left, () => over.abort(new LockstepError('deadline', why, { exit: Exit.unfinished, hint })));
    return () => {
      cancel();
      left -= monotonic() - since;
    };
  };
  let stop = go();
  return {
    signal,
    passed: () => over.signal.aborted && !interrupted.aborted,
    async held(work) {
      stop();
      try {
        return await work();
      } finally {
        stop = go();
      }
    },
    cancel: () => stop(),
  };
}

/** Milliseconds in which what was cut says what it has. */
const graceMs = 30_000;

/**
 * A command within its deadline, in a world that is over when the time is. What it then still says is said, and never with
 * 0; where it says nothing, the deadline is its error.
 */
export async function inTime<O extends DeadlineOptions>(
  call: Call<O>,
  work: (call: Call<O>) => Promise<ExitCode>,
  patience: Patience = {},
): Promise<ExitCode> {
  const { world, options } = call;
  const deadline = deadlineIn(deadlineOf(options.deadline ?? usualDeadline), world, patience);
  const { signal } = deadline;
  let patient = () => {};
  const late = new Promise<never>((_, reject) => {
    const wait = () => {
      if (deadline.passed()) patient = world.timer(graceMs, () => reject(signal.reason));
    };
    signal.addEventListener('abort', wait, { once: true });
  });
  try {
    const inside = { ...world, interrupted: signal, prompt: untimed(world.prompt, deadline) };
    const code = await Promise.race([work({ ...call, world: inside }), late]);
    if (!deadline.passed()) return code;
    world.stderr.write(`${signal.reason.message}\n`);
    return code === Exit.ok ? Exit.unfinished : code;
  } catch (error) {
    throw deadline.passed() ? signal.reason : error;
  } finally {
    deadline.cancel();
    patient();
  }
}

/** Somebody may think about a question for as long as they like. */
function untimed(prompt: Prompt, { held }: Deadline): Prompt {
  return {
    get interactive() {
      return prompt.interactive;
    },
    text: (question) => held(() => prompt.text(question)),
    hidden: (question) => held(() => prompt.hidden(question)),
    choice: (question) => held(() => prompt.choice(question)),
    yes: (question) => held(() => prompt.yes(question)),
  };
}
