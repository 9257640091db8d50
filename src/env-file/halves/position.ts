import { upTo } from '../newlines.js';
import type { Assignment } from '../reading.js';
import type { TextFile } from '../setting.js';

/** Both count from 1; columns in UTF-16 units, as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where each line of a file begins. A finding a line, or a holder, would else read the file as often as it has lines. */
const lineStarts = new WeakMap<Pick<TextFile, 'text'>, readonly number[]>();

/** Where an offset of a file's text is; `\r\n`, `\n` and a lone `\r` end a line. */
export function positionOf(file: Pick<TextFile, 'text'>, offset: number): Position {
  let starts = lineStarts.get(file);
  if (starts === undefined) {
    starts = [0, ...Array.from(file.text.matchAll(/\r\n?|\n/g), ({ index, 0: end }) => index + end.length)];
    lineStarts.set(file, starts);
  }
  const line = upTo(starts, offset);
  return { line, column: offset - (starts[line - 1] ?? 0) + 1 };
}

/**
 * An assignment with its value masked, and a caret under the value: two lines. Nothing of the value shows, not even its
 * length, and of a name only what can be one: what stands left of a `=` may be the rest of a secret, too.
 */
export function excerptOf({ name }: Pick<Assignment, 'name'>): string {
  const shown = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name) ? name : '…';
  return `${shown}=••••••••\n${' '.repeat(shown.length + 1)}^`;
}
