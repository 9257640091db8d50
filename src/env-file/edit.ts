/** `NAME=` and the value as it shall be spelled, quotes included where it has any. */
export interface Line {
  readonly name: string;
  readonly spelled: string;
}

/** Lines that belong together under one comment. */
export interface Group {
  readonly comment: string;
  readonly lines: readonly Line[];
}

/** What cannot be edited without guessing what its author meant. Line from 1. */
export class Uneditable extends Error {
  readonly line: number;

  constructor(line: number, what: string) {
    super(what);
    this.line = line;
  }
}

/**
 * Gives names their values in an env file. The last assignment of a name, which every loader takes, gets the new
 * value in its place; a name without one is appended under its group's comment. Every other byte stays: comments,
 * order, line ends, a byte order mark, bytes that are no UTF-8, what stands behind a value on its line.
 * Throws Uneditable for a quote that is never closed.
 */
export function edit(bytes: Uint8Array, groups: readonly Group[]): Uint8Array {
  // one character a byte, so that nothing is lost that is not understood
  const text = Buffer.from(bytes).toString('latin1');
  const assigned = new Map(assignments(text).map((found) => [found.name, found]));
  const replaced = groups
    .flatMap(({ lines }) => lines)
    .flatMap(({ name, spelled }) => ({ at: assigned.get(name), spelled }))
    .filter((change): change is { at: Assignment; spelled: string } => change.at !== undefined)
    .sort((a, b) => b.at.start - a.at.start)
    .reduce((rest, { at, spelled }) => rest.slice(0, at.start) + latin1(spelled) + rest.slice(at.end), text);
  const missing = groups
    .map(({ comment, lines }) => ({ comment, lines: lines.filter(({ name }) => !assigned.has(name)) }))
    .filter(({ lines }) => lines.length > 0);
  return Buffer.from(replaced + appendix(replaced, missing), 'latin1');
}

/** The line end of a file: that of its first line, LF where it has none. */
export function lineEnd(text: string): '\r\n' | '\n' {
  return /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';
}

/** Where the value of an assignment is written, in bytes, quotes included. */
interface Assignment {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const head = /[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=/y;
const mark = '\u00ef\u00bb\u00bf';

/** The assignments of a file as far as all loaders agree on what one is. */
function assignments(text: string): Assignment[] {
  const found: Assignment[] = [];
  for (let at = text.startsWith(mark) ? mark.length : 0; at < text.length; at = nextLine(text, at)) {
    head.lastIndex = at;
    const [whole, name] = head.exec(text) ?? [];
    if (whole === undefined || name === undefined) continue;
    const { start, end } = valueAt(text, at + whole.length);
    found.push({ name, start, end });
    at = end;
  }
  return found;
}

/** The value of an assignment whose `=` ends at `from`: without the blanks and the comment around it. */
function valueAt(text: string, from: number): { readonly start: number; readonly end: number } {
  const line = text.slice(from, lineStop(text, from));
  const blanks = /^[ \t]*/.exec(line)?.[0].length ?? 0;
  const start = from + blanks;
  const quote = line.charAt(blanks);
  if (quote === '"' || quote === "'" || quote === '`') {
    const close = closing(text, start, quote);
    if (close !== null) return { start, end: close + 1 };
    // a backtick is an ordinary character to most
    if (quote !== '`') throw new Uneditable(lineOf(text, start), `the quote ${quote} is not closed`);
  }
  const comment = line.search(/[ \t]#/);
  const value = (comment === -1 ? line : line.slice(0, comment)).trimEnd();
  return value.length <= blanks ? { start: from, end: from } : { start, end: from + value.length };
}

function closing(text: string, start: number, quote: string): number | null {
  for (let at = start + 1; at < text.length; at++) {
    if (text.charAt(at) === '\\' && quote === '"') at += 1;
    else if (text.charAt(at) === quote) return at;
  }
  return null;
}

function lineStop(text: string, at: number): number {
  const ends = [text.indexOf('\r', at), text.indexOf('\n', at)].filter((end) => end !== -1);
  return Math.min(text.length, ...ends);
}

function nextLine(text: string, at: number): number {
  const stop = lineStop(text, at);
  return stop + (text.startsWith('\r\n', stop) ? 2 : 1);
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split(/\r\n|\r|\n/).length;
}

function appendix(text: string, groups: readonly Group[]): string {
  if (groups.length === 0) return '';
  const end = lineEnd(text);
  const blocks = groups.map(({ comment, lines }) =>
    [`# ${latin1(comment)}`, ...lines.map(({ name, spelled }) => `${name}=${latin1(spelled)}`), ''].join(end),
  );
  const bare = text === '' || text === mark;
  const ended = bare || /[\r\n]$/.test(text);
  return (ended ? '' : end) + (bare ? '' : end) + blocks.join(end);
}

/** Text as the characters that its UTF-8 bytes are. */
function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
