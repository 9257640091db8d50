import { foldNewlines } from '../newlines.js';
import type { Assignment, Read } from '../reading.js';
import { javascriptSpace, skip, trim, trimEnd } from '../whitespace.js';

// as in ECMAScript: what `^`, `$` and `.` take for the end of a line
const terminator = /[\n\r\u2028\u2029]/;
const nameCharacter = /[\w.-]/;

/**
 * dotenv 16 to 18, and the copy of it in @next/env. Its one regular expression, as a scanner: the same reading in time
 * that grows with the file and not with its square. What it does not understand it passes over in silence.
 */
export const readDotenv: Read = (original) => {
  const { text, span } = foldNewlines(original);
  const assignments: Assignment[] = [];
  for (let at = 0; at < text.length; ) {
    const start = skip(text, at, javascriptSpace);
    const found = assignmentAt(text, start);
    if (found === null) {
      at = nextLine(text, start);
      continue;
    }
    const { name, nameStart, valueStart, valueEnd, next } = found;
    const written = text.slice(valueStart, valueEnd);
    assignments.push({
      name,
      value: valueIn(written),
      nameAt: span(nameStart, nameStart + name.length),
      valueAt: span(valueStart + (written.length - written.trimStart().length), lineEnd(text, valueEnd)),
    });
    at = nextLine(text, next);
  }
  return { assignments, troubles: [] };
};

function assignmentAt(text: string, start: number) {
  const plain = nameAt(text, start);
  if (text.startsWith('export', start)) {
    const after = skip(text, start + 6, javascriptSpace);
    const exported = after > start + 6 ? nameAt(text, after) : null;
    if (exported !== null) return exported;
  }
  return plain;
}

/** A name, `=` (white space and line ends allowed before it) or `:` and white space, and the value's extent. */
function nameAt(text: string, start: number) {
  const end = skip(text, start, nameCharacter);
  if (end === start) return null;
  const equals = skip(text, end, javascriptSpace);
  let valueStart: number;
  if (text[equals] === '=') valueStart = equals + 1;
  else if (text[end] === ':' && javascriptSpace.test(text.charAt(end + 1))) valueStart = end + 2;
  else return null;
  const quoted = quotedEnd(text, valueStart);
  const valueEnd = quoted ?? unquotedEnd(text, valueStart);
  return { name: text.slice(start, end), nameStart: start, valueStart, valueEnd, next: valueEnd };
}

function unquotedEnd(text: string, start: number): number {
  return skip(text, start, /[^#\n]/);
}

/**
 * Where a quoted value ends, quotes included: at its first quote without a backslash before it if nothing but a
 * comment follows there, else at the last escaped quote of which that is true. Null where none fits.
 */
function quotedEnd(text: string, from: number): number | null {
  const open = skip(text, from, javascriptSpace);
  const quote = text.charAt(open);
  if (quote !== "'" && quote !== '"' && quote !== '`') return null;
  let last = open;
  for (let at = text.indexOf(quote, open + 1); at !== -1; at = text.indexOf(quote, at + 1)) {
    if (text[at - 1] !== '\\' || at - 1 === open) {
      if (closes(text, at + 1)) return at + 1;
      break;
    }
    last = at;
  }
  for (let at = last; at > open; at = text.lastIndexOf(quote, at - 1)) if (closes(text, at + 1)) return at + 1;
  return null;
}

/** Nothing but white space up to a line end, or a comment after white space of any kind. */
function closes(text: string, at: number): boolean {
  const end = skip(text, at, javascriptSpace);
  return end === text.length || text[end] === '#' || terminator.test(text.slice(at, end));
}

function valueIn(written: string): string {
  const value = trim(written, javascriptSpace);
  const bare = withoutQuotes(value);
  return value.startsWith('"') ? bare.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : bare;
}

/**
 * Its `/^(['"`])([\s\S]*)\1$/gm`, replaced by `$2`: on whichever line a quote begins, up to the last of its kind that ends a
 * line. As an expression it would look for that end again on each line.
 */
function withoutQuotes(value: string): string {
  const ends = new Map<string, number>();
  let bare = '';
  let kept = 0;
  for (let at = 0; at < value.length; at = nextLine(value, at)) {
    const quote = value.charAt(at);
    if (quote !== "'" && quote !== '"' && quote !== '`') continue;
    const end = ends.get(quote) ?? lastAtLineEnd(value, quote);
    ends.set(quote, end);
    if (end <= at) continue;
    bare += value.slice(kept, at) + value.slice(at + 1, end);
    kept = end + 1;
    at = end;
  }
  return bare + value.slice(kept);
}

function lastAtLineEnd(value: string, quote: string): number {
  let at = value.lastIndexOf(quote);
  while (at > 0 && at + 1 < value.length && !terminator.test(value.charAt(at + 1)))
    at = value.lastIndexOf(quote, at - 1);
  return at;
}

function nextLine(text: string, at: number): number {
  const end = skip(text, at, /[^\n\r\u2028\u2029]/);
  return end + 1;
}

/** The end of the line, without the white space there. */
function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  const end = newline === -1 ? text.length : newline;
  return Math.max(at, trimEnd(text.slice(0, end), javascriptSpace).length);
}
