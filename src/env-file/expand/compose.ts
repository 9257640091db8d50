import type { Lookup } from '../reading.js';
import { rewritten } from '../rewritten.js';

const reference =
  /\$(?:(\$)|([_a-zA-Z][_a-zA-Z0-9]*)|\{([_a-zA-Z][_a-zA-Z0-9]*)(?:(:?[-+?])((?:[^{}$]|\$\$)*))?\}|())/g;

/**
 * Compose's own substitution: `$$` is a dollar, `${NAME:-word}` and its kin take a default. Null where Compose would
 * refuse the file, or where defaults nest, which is not modelled.
 */
export function substitute(text: string, lookup: Lookup): string | null {
  let refused = false;
  const result = rewritten(text, reference, ([, dollar, plain, braced, operator, word = '']) => {
    if (dollar !== undefined) return '$';
    const name: string | undefined = plain ?? braced;
    if (name === undefined) {
      refused = true;
      return '';
    }
    const value = lookup(name);
    const there = operator?.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
    if (operator?.endsWith('+')) return there ? word : '';
    if (there) return value as string;
    if (operator?.endsWith('?')) refused = true;
    return operator === undefined ? '' : word.replaceAll('$$', '$');
  });
  return refused ? null : result;
}
