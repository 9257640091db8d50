import { readFileSync, writeSync } from 'node:fs';
import { Exit } from '../core/exit.js';
import type { RealWorld } from './world.js';

/**
 * The first signal asks to end and is reported by `interrupted`; the second ends the process at once, after its last
 * words. An error that nobody caught asks to end as well, so that what a run has made is still taken back.
 */
export function interruption(): Pick<RealWorld, 'interrupted' | 'lastWords' | 'end' | 'left'> {
  const controller = new AbortController();
  let words: (() => string) | null = null;
  const wordsLeft = () => words?.() ?? '';
  const end = (code: number, reason: unknown) => {
    if (!controller.signal.aborted) return controller.abort(reason);
    const left = wordsLeft();
    // at once, and whether anybody is there to read it or not
    try {
      writeSync(2, left);
    } catch {}
    process.exit(code);
  };
  for (const [signal, code] of [
    ['SIGINT', Exit.interrupted],
    ['SIGTERM', Exit.terminated],
    ['SIGHUP', Exit.hungUp],
  ] as const) {
    if (signal !== 'SIGHUP' || !hangupIsIgnored()) process.on(signal, () => end(code, signal));
  }
  process.on('uncaughtException', (error) => {
    // whatever never resolves now must not end as a success, nor hang for ever
    process.exitCode = Exit.bug;
    setTimeout(() => process.exit(Exit.bug), longestGoodbye).unref();
    end(Exit.bug, error instanceof Error ? error : new Error('something that is not an error was thrown'));
  });
  return {
    interrupted: controller.signal,
    // not once more: this is no second Ctrl-C
    end: (reason) => void (controller.signal.aborted || controller.abort(reason)),
    left: wordsLeft,
    lastWords: (next) => {
      words = next;
    },
  };
}

const longestGoodbye = 30_000;

/** Under nohup a hangup must stay ignored, and only Linux says whether it is: elsewhere it ends the process, as ever. */
function hangupIsIgnored(): boolean {
  try {
    const [, mask = '1'] = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return (Number.parseInt(mask.slice(-1), 16) & 1) === 1;
  } catch {
    return true;
  }
}
