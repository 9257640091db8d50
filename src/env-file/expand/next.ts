import type { Allowance } from './longest.js';
import { longest } from './longest.js';

/** Deeper than any honest reference, shallower than the stack of the real thing, which overflows. */
const deepest = 2000;

/**
 * Reference replacement of @next/env: from the last unescaped `$` to the first, single quotes notwithstanding.
 * `env` is asked first, then the file itself; an empty value counts as none. Null where it would never end: Next.js
 * then does without the whole file.
 */
export function interpolateNext(
  value: string,
  env: (name: string) => string | undefined,
  file: (name: string) => string | undefined,
  allowance: Allowance,
): string | null {
  let result = value;
  for (let depth = 0; depth < deepest && result.length < longest; depth++) {
    const last = lastUnescaped(result);
    if (last === -1) return unescapeDollars(result);
    const match = /^\$\{?(\w+)(?::-([^}\\]*))?\}?/.exec(result.slice(last));
    if (match === null) return unescapeDollars(result);
    const name = match[1] as string;
    // by the text, not by the place: the first occurrence of the same reference is the one that is replaced, and
    // `$&` and its kin in the value mean what they mean to String.prototype.replace
    result = result.replace(match[0], env(name) || match[2] || file(name) || '');
    if (!allowance.take(result.length)) return null;
  }
  return null;
}

function lastUnescaped(text: string): number {
  for (let at = text.lastIndexOf('$'); at !== -1; at = at === 0 ? -1 : text.lastIndexOf('$', at - 1)) {
    if (text[at - 1] !== '\\') return at;
  }
  return -1;
}

export function unescapeDollars(text: string): string {
  return text.replaceAll('\\$', '$');
}
