import type { Lookup } from '../reading.js';
import { rewritten } from '../rewritten.js';
import { longest } from './longest.js';

const reference = /\$\{([^}:]*)(?::-([^}]*))?\}/g;

/** python-dotenv: `${NAME}` and `${NAME:-word}`, once, in any quotes; `$NAME` stays. Null where it grows without end. */
export function interpolatePython(value: string, lookup: Lookup): string | null {
  let size = value.length;
  const whole = rewritten(value, reference, ([, name = '', word = '']) => {
    const text = lookup(name) ?? word;
    size += text.length;
    return size > longest ? '' : text;
  });
  return size > longest ? null : whole;
}
