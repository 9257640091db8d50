import type { Style } from '../core/style.js';

/** What a look at the checkout came to, each in a few words. */
export interface Standing {
  readonly version: string;
  readonly rows: readonly (readonly [label: string, words: string, state: 'good' | 'bad' | 'open'])[];
  /** the command to run now */
  readonly next: string;
  readonly why: string;
}

/** `lockstep` alone. */
export function renderStanding({ version, rows, next, why }: Standing, style: Style): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  const paint = { good: style.good, bad: style.bad, open: style.quiet };
  const marks = { good: '✓', bad: '✗', open: '-' };
  const lines = [
    `${style.strong('lockstep')} ${version}`,
    '',
    ...rows.map(([label, words, state]) => `  ${paint[state](marks[state])} ${label.padEnd(width)}  ${words}`),
    '',
    `next: ${style.strong(next)}  ${style.quiet(why)}`,
    style.quiet('every command: lockstep --help'),
  ];
  return `${lines.join('\n')}\n`;
}

/** The same as one JSON object; `command` is the name of the program, which was called without one. */
export function renderStandingJson({ version, rows, next, why }: Standing): string {
  const outcome = rows.some(([, , state]) => state === 'bad') ? 'problems' : 'ok';
  const standing = rows.map(([what, words, state]) => ({ what, state, words }));
  return `${JSON.stringify({ schemaVersion: 1, command: 'lockstep', outcome, version, standing, next: { command: next, why } }, null, 2)}\n`;
}
