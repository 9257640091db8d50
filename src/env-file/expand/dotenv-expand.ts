import type { Lookup } from '../reading.js';
import type { Allowance } from './longest.js';
import { longest } from './longest.js';
import { unescapeDollars } from './next.js';

const reference = /(?<!\\)\$\{([^{}]+)\}|(?<!\\)\$([A-Za-z_][A-Za-z0-9_]*)/;
const operators = /:\+|\+|:-|-/;
const deepest = 2000;

/** A value after expansion; `command`: dotenv-expand would run one, and what it prints would be the value. */
export type Expanded = { readonly value: string } | { readonly undecided: 'command' | 'endless' };

/**
 * The dotenv-expand that Vite carries (12 and 13): references in the order in which they stand, again and again until
 * none is left. `env` is what a reference may mean, `file` the part of it that the files say.
 */
export function expandVite(value: string, env: Lookup, file: Lookup, allowance: Allowance): Expanded {
  const seen = new Set<string>();
  let result = value;
  for (let depth = 0; ; depth++) {
    const match = reference.exec(result);
    if (match === null) return { value: unescapeDollars(result) };
    if (depth > deepest || result.length > longest) return { undecided: 'endless' };
    seen.add(result);
    const { name, operator, word } = parts((match[1] ?? match[2]) as string);
    const found = env(name);
    const text = operator.endsWith('+') ? (found ? word : '') : found && !seen.has(found) ? found : word;
    result = result.replace(match[0], text);
    if (!allowance.take(result.length)) return { undecided: 'endless' };
    if (result === file(name)) return { value: unescapeDollars(result) };
  }
}

/** dotenv-expand 1000: tells unset from empty, does not look twice at what it put in, and runs `$(command)`. */
export function expandThousand(value: string, env: Lookup, allowance: Allowance): Expanded {
  let result = value;
  for (let depth = 0; ; depth++) {
    const match = reference.exec(result);
    if (match === null) break;
    if (depth > deepest || result.length > longest) return { undecided: 'endless' };
    const { name, operator, word } = parts((match[1] ?? match[2]) as string);
    const found = env(name);
    const there = operator.startsWith(':') ? Boolean(found) : found !== undefined;
    const kept = found ?? '';
    const text = operator.endsWith('+') ? (there ? word : '') : operator === '' || there ? kept : word;
    result = result.replace(match[0], text);
    if (!allowance.take(result.length)) return { undecided: 'endless' };
    if (result === found) break;
  }
  return substitutes(result) ? { undecided: 'command' } : { value: unescapeDollars(result) };
}

function parts(expression: string): { name: string; operator: string; word: string } {
  const operator = operators.exec(expression)?.[0];
  // without an operator the original splits at `null`, which it takes for text
  const separator = operator ?? 'null';
  const [name, ...words] = expression.split(separator);
  return { name: name as string, operator: operator ?? '', word: words.join(separator) };
}

/** Whether a `$(` is closed again, quotes and nested ones considered. */
function substitutes(text: string): boolean {
  for (let open = text.indexOf('$('); open !== -1; open = text.indexOf('$(', open + 2)) {
    if (closed(text, open + 2)) return true;
  }
  return false;
}

function closed(text: string, from: number): boolean {
  const quotes: (string | null)[] = [null];
  for (let at = from; at < text.length; at++) {
    const quote = quotes.at(-1) ?? null;
    const here = text.charAt(at);
    if (quote === "'") {
      if (here === "'") quotes[quotes.length - 1] = null;
    } else if (here === '\\') at++;
    else if (quote !== null) {
      if (here === quote) quotes[quotes.length - 1] = null;
      else if (here === '$' && text[at + 1] === '(') {
        quotes.push(null);
        at++;
      }
    } else if (here === "'" || here === '"' || here === '`') quotes[quotes.length - 1] = here;
    else if (here === '(') quotes.push(null);
    else if (here === ')') {
      quotes.pop();
      if (quotes.length === 0) return true;
    }
  }
  return false;
}
