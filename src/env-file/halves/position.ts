import type { Assignment } from '../reading.js';

/** Both count from 1; columns in UTF-16 units, as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where an offset of a text is; `\r\n`, `\n` and a lone `\r` end a line. */
export function positionOf(text: string, offset: number): Position {
  let line = 1;
  let start = 0;
  for (const { index, 0: end } of text.slice(0, offset).matchAll(/\r\n?|\n/g)) {
    line += 1;
    start = index + end.length;
  }
  return { line, column: offset - start + 1 };
}

/**
 * An assignment with its value masked, and a caret under the value: two lines. Nothing of the value shows, not even its
 * length, and of a name only what can be one: what stands left of a `=` may be the rest of a secret, too.
 */
export function excerptOf({ name }: Pick<Assignment, 'name'>): string {
  const shown = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name) ? name : '…';
  return `${shown}=••••••••\n${' '.repeat(shown.length + 1)}^`;
}
