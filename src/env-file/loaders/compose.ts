import { substitute } from '../expand/compose.js';
import { Allowance, longest, tooLong } from '../expand/longest.js';
import { Grown } from '../grown.js';
import type { Assignment, Lookup, Read, Trouble } from '../reading.js';
import { nothing, trouble } from '../reading.js';
import { rewritten } from '../rewritten.js';
import { goSpace, skip, trimEnd } from '../whitespace.js';

/** characters that stand for themselves within quotes; others may */
const run = /[^'"\\]+/y;
/** white space within a line */
const blank = /[\t\v\f\r\x20\x85\xa0]/;

/**
 * `env_file:` of Docker Compose 2. Any line that it does not understand ends the run. References are replaced from
 * Compose's own environment, then from what came earlier; not in single quotes.
 */
export const readCompose: Read = (text, lookup) => {
  const assignments: Assignment[] = [];
  const known = new Map<string, string>();
  const refuse = (at: number, what: Trouble['what']) => ({ ...nothing, troubles: [trouble(at, what, 'file')] });
  /** characters that references brought into the value that is being read */
  let referred = 0;
  const allowance = new Allowance();
  const value: Lookup = (name) => {
    const text = lookup(name) ?? known.get(name);
    referred += allowance.take(text?.length ?? 0) ? (text?.length ?? 0) : longest + 1;
    return referred > longest ? '' : text;
  };
  for (let at = text.startsWith('\ufeff') ? 1 : 0; ; ) {
    at = skip(text, at, goSpace);
    if (at >= text.length) return { assignments, troubles: [] };
    if (text[at] === '#') {
      at = skip(text, at, /[^\n]/);
      continue;
    }
    const key = keyAt(text, at);
    if (key === null) return refuse(at, 'not-an-assignment');
    const { name, start, inherited } = key;
    if (name.includes(' ')) return refuse(at, 'name-with-space');
    const nameAt = { start, end: start + name.length };
    if (inherited) {
      const from = lookup(name) ?? null;
      assignments.push({
        name,
        value: from,
        nameAt,
        valueAt: { start: nameAt.end, end: nameAt.end },
        undecided: 'inherited',
      });
      if (from !== null) known.set(name, from);
      at = key.next;
      continue;
    }
    const found = valueAt(text, key.next);
    if (found === null) return refuse(key.next, 'unterminated-quote');
    referred = 0;
    const expanded = found.literal ? found.value : substitute(found.value, value);
    if (expanded === null) return refuse(key.next, 'bad-reference');
    const where = { name, nameAt, valueAt: { start: key.next, end: found.writtenEnd } };
    const endless = referred > longest;
    known.set(name, endless ? tooLong : expanded);
    assignments.push(
      endless
        ? { ...where, value: null, undecided: 'endless' }
        : { ...where, value: expanded, ...(expanded === found.value ? {} : { expanded: true }) },
    );
    at = found.next;
  }
};

function keyAt(text: string, from: number) {
  const exported = /export[\t\n\f\r ]+/y;
  exported.lastIndex = from;
  const start = exported.test(text) ? skip(text, from + 'export'.length, blank) : from;
  for (let at = start; at < text.length; at++) {
    const here = text.charAt(at);
    if (here === '=' || here === ':' || here === '\n') {
      const name = trimEnd(text.slice(start, at), goSpace);
      return { name, start, inherited: here === '\n', next: skip(text, at + 1, blank) };
    }
    if (!blank.test(here) && !/[\p{L}\p{N}_.[\]-]/u.test(here)) return null;
  }
  // the file ends within the name: nothing is set, and nothing follows
  return start === text.length ? null : { name: '', start: text.length, inherited: true, next: text.length };
}

function valueAt(text: string, start: number) {
  const quote = text[start];
  const lineEnd = text.indexOf('\n', start) === -1 ? text.length : text.indexOf('\n', start);
  if (quote !== "'" && quote !== '"') {
    const line = text.slice(start, lineEnd);
    const comment = line.indexOf(' #');
    const value = trimEnd(comment === -1 ? line : line.slice(0, comment), goSpace);
    return { value, literal: false, next: lineEnd + 1, writtenEnd: start + trimEnd(line, goSpace).length };
  }
  const inside = new Grown();
  for (let at = start + 1; at < text.length; at++) {
    const here = text.charAt(at);
    if (here === quote) {
      const value = quote === '"' ? unescapeAll(inside.text) : inside.text;
      return { value, literal: quote === "'", next: at + 1, writtenEnd: at + 1 };
    }
    if (here === '\\' && at + 1 < text.length) {
      at += 1;
      const next = text.charAt(at);
      inside.add(next === quote ? next : `\\${next}`);
    } else if (here !== '\\') {
      run.lastIndex = at;
      const end = run.test(text) ? run.lastIndex : at + 1;
      inside.add(text.slice(at, end));
      at = end - 1;
    }
  }
  return null;
}

const letters: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
  $: '$$',
};

const escaped = /\\(?:([abcfnrtv$"\\])|0(\d{0,3}))/g;

function unescapeAll(text: string): string {
  return rewritten(text, escaped, ([match, letter, octal]) => {
    if (letter !== undefined) return letters[letter] ?? match;
    const digits = (octal ?? '').padStart(3, '0');
    return /^[0-3][0-7]{2}$/.test(digits) ? String.fromCharCode(Number.parseInt(digits, 8)) : match;
  });
}
