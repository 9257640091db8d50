import type { Outcome } from '../core/exit.js';
import { Exit } from '../core/exit.js';

/** What each number means to a script, in the words of the help and of docs/exit-codes.md. */
const meanings: Readonly<Record<Outcome, { readonly means: string; readonly next: string }>> = {
  ok: { means: 'everything that was asked for holds', next: 'go on' },
  problems: {
    means: 'it was asked, and something is wrong: a failed check, a finding, drift, an invalid token',
    next: 'read the findings; `lockstep explain CODE` says more of each',
  },
  usage: {
    means: 'the command line or lockstep.json is wrong, or the command does not exist; all mistakes are told at once',
    next: 'mend what is named',
  },
  unfinished: {
    means: 'it could not finish: nobody answered, time ran out, a control failed, or nothing was asked',
    next: 'nothing is proved: see that it runs, then again; `lockstep check --wait 60s` waits for one that is booting',
  },
  pending: {
    means: 'changes are pending: `migrate status`, `migrate plan`, `init --check`',
    next: 'make them: `lockstep migrate up`, `lockstep init`',
  },
  refused: {
    means: 'consent is needed and was not given, or the change is unsafe',
    next: 'pass the flag that the message names, if you mean it',
  },
  bug: { means: 'a bug in lockstep', next: 'report the message and its stack; neither holds secrets' },
  hungUp: { means: 'SIGHUP, the terminal was closed, after cleaning up', next: '' },
  interrupted: { means: 'SIGINT (Ctrl-C), after cleaning up', next: '' },
  terminated: { means: 'SIGTERM, after cleaning up', next: '' },
};

export interface ExitRow {
  readonly number: number;
  /** as `outcome` has it in JSON */
  readonly name: Outcome;
  readonly means: string;
  readonly next: string;
}

export function exitRows(): ExitRow[] {
  return (Object.entries(Exit) as [Outcome, number][]).map(([name, number]) => ({ number, name, ...meanings[name] }));
}

/** The page of `lockstep help exit-codes`. */
export function renderExitCodes(): string {
  const rows = exitRows().map(({ number, means, next }) => {
    const after = next === '' ? '' : `\n     → ${next}`;
    return `${String(number).padStart(3)}  ${means}${after}`;
  });
  return `Exit codes\n\n${rows.join('\n')}\n\nNo run ends with 0 because nobody answered, nothing was found or nothing was asked.\n`;
}
