import type { Span, Undecided } from '../reading.js';
import { closing } from './bash-command.js';
import { BashValue, type Values } from './bash-value.js';

/** A word of the shell, with its quotes and references resolved as far as no command is needed. */
export interface Word {
  readonly start: number;
  readonly end: number;
  /** the word, where it has neither quotes nor references */
  readonly plain: string | null;
  /** bash gives up the file here, or sets what is not modelled */
  readonly bad: boolean;
  /** `NAME=...` or `NAME+=...` */
  readonly assigned: {
    readonly name: string;
    readonly append: boolean;
    readonly value: string | null;
    readonly undecided?: Undecided;
    readonly expanded: boolean;
    readonly nameAt: Span;
    readonly valueAt: Span;
  } | null;
}

const head = /([A-Za-z_][A-Za-z0-9_]*)(\+?)=/y;

/** An element of an array, which is read to its closing bracket wherever that is: blanks and lines are within. */
const element = /[A-Za-z_][A-Za-z0-9_]*\[/y;

/** The word that begins at `start`, null where a quote or bracket in it is not closed. `assigns`: no command came before it. */
export function wordAt(text: string, start: number, values: Values, assigns: boolean): Word | null {
  element.lastIndex = start;
  if (assigns && element.test(text)) {
    const close = closing(text, element.lastIndex - 1);
    if (close === -1) return null;
    const end = close + 1;
    const sets = /^\+?=/.test(text.slice(end, end + 2));
    const bad = sets || /[^\w.*@,+-]/.test(text.slice(element.lastIndex, close));
    if (bad) return { start, end, plain: null, bad, assigned: null };
  }
  head.lastIndex = start;
  const match = head.exec(text);
  const valueStart = match === null ? start : start + match[0].length;
  const scan = new BashValue(text, valueStart, values, match !== null);
  if (!scan.run()) return null;
  const { end, value, undecided, expanded, bad } = scan;
  if (match === null) {
    return { start, end, plain: scan.special ? null : text.slice(start, end), bad, assigned: null };
  }
  const name = match[1] as string;
  const nameAt = { start, end: start + name.length };
  const assigned = {
    name,
    append: match[2] === '+',
    value: undecided === null ? value.text : null,
    ...(undecided === null ? {} : { undecided }),
    expanded,
    nameAt,
    valueAt: { start: valueStart, end },
  };
  return { start, end, plain: null, bad, assigned };
}
