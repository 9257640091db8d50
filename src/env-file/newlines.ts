import type { Span } from './reading.js';

/** A text with its carriage returns dealt with, and the way back to the offsets of the original. */
export interface Folded {
  readonly text: string;
  /** the offset in the original of an offset in `text` */
  origin(offset: number): number;
  /** the stretch of the original that a stretch of `text` comes from */
  span(start: number, end: number): Span;
}

/** `\r\n` and lone `\r` become `\n`: universal newlines. */
export function foldNewlines(original: string): Folded {
  return fold(original, /\r\n?/g, (match) => (match.length === 2 ? 1 : 0), '\n');
}

/** Every `\r` is dropped, wherever it stands. */
export function dropReturns(original: string): Folded {
  return fold(original, /\r/g, () => 1, '');
}

function fold(original: string, pattern: RegExp, shorter: (match: string) => number, by: string): Folded {
  if (!original.includes('\r'))
    return { text: original, origin: (offset) => offset, span: (start, end) => ({ start, end }) };
  const cuts: number[] = [];
  let removed = 0;
  const text = original.replace(pattern, (match, at: number) => {
    if (shorter(match) > 0) {
      cuts.push(at - removed);
      removed += 1;
    }
    return by;
  });
  const origin = (offset: number) => offset + upTo(cuts, offset);
  // a carriage return right behind a stretch is not a part of it
  const span = (start: number, end: number) => ({
    start: origin(start),
    end: end > start ? origin(end - 1) + 1 : origin(start),
  });
  return { text, origin, span };
}

/** How many of the ascending numbers are at most `limit`. */
export function upTo(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
