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
