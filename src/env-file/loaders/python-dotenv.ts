import { Grown } from '../grown.js';
import { foldNewlines } from '../newlines.js';
import type { Assignment, Read, Span, Trouble } from '../reading.js';
import { trouble } from '../reading.js';
import { pythonSpace, skip, trimEnd } from '../whitespace.js';

/** What changed within python-dotenv: 1.2.2 and before are `older`, 1.2.4 is `newer`. */
export type PythonDialect = 'older' | 'newer';

const blank = new RegExp(`(?![\\r\\n])${pythonSpace.source}`);
const rest = /[^\r\n]/;
const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** within double quotes */
const letters = Object.keys(escapes).join('');

/**
 * python-dotenv, before references are replaced; also what pydantic-settings reads with. A line that it does not
 * understand is logged and skipped.
 */
export function readPythonDotenv(dialect: PythonDialect): Read {
  return (original) => {
    const { text, origin, span } = foldNewlines(original);
    const assignments: Assignment[] = [];
    const troubles: Trouble[] = [];
    for (let at = dialect === 'newer' && text.startsWith('\ufeff') ? 1 : 0; at < text.length; ) {
      const start = skip(text, at, pythonSpace);
      if (start >= text.length) break;
      const found = bindingAt(text, start, dialect);
      if ('failed' in found) {
        // it goes on behind what it has understood, which may be lines below
        const quoted = found.failed === 'quote';
        troubles.push(trouble(origin(start), quoted ? 'unterminated-quote' : 'not-an-assignment', 'line'));
        at = skip(text, found.at, rest) + 1;
        continue;
      }
      at = found.next;
      if (found.name === null) continue;
      assignments.push({
        name: found.name,
        value: found.value,
        nameAt: span(found.nameAt.start, found.nameAt.end),
        valueAt: span(found.valueAt.start, found.valueAt.end),
        ...(found.value === null ? { undecided: 'inherited' as const } : {}),
      });
    }
    return { assignments, troubles };
  };
}

interface Binding {
  readonly name: string | null;
  readonly value: string | null;
  readonly nameAt: Span;
  readonly valueAt: Span;
  readonly next: number;
}

type Failure = { readonly failed: 'quote' | 'other'; readonly at: number };

function bindingAt(text: string, start: number, dialect: PythonDialect): Binding | Failure {
  let at = start;
  if (text.startsWith('export', at) && blank.test(text.charAt(at + 6))) at = skip(text, at + 6, blank);
  const name = nameAt(text, at);
  if (name === null) return { failed: 'other', at };
  const nameSpan = { start: at, end: name.end };
  at = skip(text, name.end, blank);
  let value: string | null = null;
  let valueAt: Span = { start: at, end: at };
  if (text[at] === '=') {
    const afterEquals = at + 1;
    at = skip(text, afterEquals, blank);
    const commented = dialect === 'newer' && at > afterEquals && text[at] === '#';
    const found = commented ? { value: '', end: at } : valueFrom(text, at, dialect);
    if (found === null) return { failed: 'quote', at };
    value = found.value;
    const last = found.end > at && text[at] !== "'" && text[at] !== '"' ? found.end : skip(text, found.end, rest);
    valueAt = { start: at, end: Math.max(found.end, trimEnd(text.slice(0, last), pythonSpace).length) };
    at = found.end;
  }
  const comment = skip(text, at, blank);
  if (text[comment] === '#') at = skip(text, comment, rest);
  at = skip(text, at, blank);
  if (at < text.length && text[at] !== '\n') return { failed: 'other', at };
  return { name: name.name, value, nameAt: nameSpan, valueAt, next: at + 1 };
}

function nameAt(text: string, at: number): { name: string | null; end: number } | null {
  const first = text[at];
  if (first === '#') return { name: null, end: at };
  if (first === "'") {
    const close = text.indexOf("'", at + 1);
    return close <= at + 1 ? null : { name: text.slice(at + 1, close), end: close + 1 };
  }
  let end = at;
  while (end < text.length && text[end] !== '=' && text[end] !== '#' && !pythonSpace.test(text.charAt(end))) end++;
  return end === at ? null : { name: text.slice(at, end), end };
}

function valueFrom(text: string, at: number, dialect: PythonDialect): { value: string; end: number } | null {
  const quote = text[at];
  if (quote === "'" || quote === '"') {
    const close = dialect === 'newer' ? closingPaired(text, at, quote) : closingUnpaired(text, at, quote);
    if (close === -1) return null;
    return { value: unescaped(text.slice(at + 1, close), quote === "'" ? "\\'" : letters), end: close + 1 };
  }
  const end = skip(text, at, rest);
  const part = text.slice(at, end);
  return { value: trimEnd(cutComment(part), pythonSpace), end };
}

/** With what a backslash and one of the letters stand for; as a scanner, for there may be a million of them. */
function unescaped(text: string, known: string): string {
  const value = new Grown();
  let kept = 0;
  for (let at = text.indexOf('\\'); at !== -1 && at + 1 < text.length; ) {
    const letter = text.charAt(at + 1);
    const next = known.includes(letter) ? at + 2 : at + 1;
    if (next === at + 2) {
      value.add(text.slice(kept, at));
      value.add(escapes[letter] as string);
      kept = next;
    }
    at = text.indexOf('\\', next);
  }
  value.add(text.slice(kept));
  return value.text;
}

/** A backslash always takes the character after it along. */
function closingPaired(text: string, open: number, quote: string): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) return at;
  }
  return -1;
}

/** A quote after a backslash does not close, unless no other does. */
function closingUnpaired(text: string, open: number, quote: string): number {
  let last = -1;
  for (let at = text.indexOf(quote, open + 1); at !== -1; at = text.indexOf(quote, at + 1)) {
    if (text[at - 1] !== '\\' || at - 1 === open) return at;
    last = at;
  }
  return last;
}

function cutComment(part: string): string {
  for (let hash = part.indexOf('#', 1); hash !== -1; hash = part.indexOf('#', hash + 1)) {
    if (pythonSpace.test(part.charAt(hash - 1))) return part.slice(0, hash);
  }
  return part;
}
