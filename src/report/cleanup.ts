import type { Outcome } from '../core/exit.js';
import { printable } from '../core/finding.js';
import type { Place } from '../core/journal.js';
import type { Style } from '../core/style.js';

/** What became of one thing that an earlier run had made. */
export interface Replayed {
  readonly what: string;
  /** `gone`: it was not there any more; `unreachable`: nobody said; `pending`: nobody was asked */
  readonly state: 'removed' | 'gone' | 'remains' | 'unreachable' | 'pending';
  readonly because?: string;
}

export interface CleanedRun {
  readonly run: string;
  readonly file: string;
  readonly target: Pick<Place, 'name' | 'auth' | 'api'>;
  /** ISO 8601 */
  readonly began: string;
  /** `at-work`: it is running, and cleans up itself; `unreadable`: not a journal, or one of another version */
  readonly state: 'replayed' | 'listed' | 'at-work' | 'unreadable';
  readonly things: readonly Replayed[];
}

/** The one ruling, from which the exit code and the word in JSON are both read. */
export function cleanupOutcome(runs: readonly CleanedRun[]): Extract<Outcome, 'ok' | 'problems' | 'unfinished'> {
  const states = runs.flatMap(({ things }) => things.map(({ state }) => state));
  if (states.includes('remains')) return 'problems';
  return states.includes('unreachable') || runs.some(({ state }) => state === 'unreadable') ? 'unfinished' : 'ok';
}

export function renderCleanupJson(runs: readonly CleanedRun[]): string {
  const whole = { schemaVersion: 1, command: 'cleanup', outcome: cleanupOutcome(runs), results: runs };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

const words = {
  removed: 'removed',
  gone: 'gone already',
  remains: 'REMAINS',
  unreachable: 'no answer',
  pending: 'on record',
} as const;

/** For a person: a block a run, and one line that sums up. */
export function renderCleanup(runs: readonly CleanedRun[], style: Style): string {
  if (runs.length === 0) return 'nothing is on record: no run has left anything behind\n';
  const blocks = runs.map((one) => {
    const head = `${style.strong(`run ${one.run}`)}  ${printable(one.target.auth)}  ${style.quiet(one.began)}`;
    if (one.state === 'unreadable') return `${style.bad('unreadable')}  ${one.file}\n`;
    if (one.state === 'at-work') return `${head}\n  is at work, and cleans up itself\n`;
    const lines = one.things.map(({ what, state, because }) => {
      const paint =
        state === 'removed' || state === 'gone' ? style.good : state === 'remains' ? style.bad : style.doubtful;
      const why = because === undefined ? '' : `\n                ${style.quiet(printable(because))}`;
      return `  ${paint(words[state].padEnd(12))}  ${printable(what)}${why}\n`;
    });
    return `${head}\n${lines.join('')}`;
  });
  return `${blocks.join('\n')}\n${summary(runs)}\n`;
}

function summary(runs: readonly CleanedRun[]): string {
  const count = (state: Replayed['state']) =>
    runs.flatMap(({ things }) => things).filter((thing) => thing.state === state).length;
  const said = (['removed', 'gone', 'remains', 'unreachable', 'pending'] as const)
    .filter((state) => count(state) > 0)
    .map((state) => `${count(state)} ${{ ...words, remains: 'remaining', unreachable: 'without an answer' }[state]}`);
  return said.length === 0 ? 'nothing to remove' : said.join(', ');
}
