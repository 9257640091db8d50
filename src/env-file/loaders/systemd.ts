import { Grown } from '../grown.js';
import type { Assignment, Read } from '../reading.js';

const space = ' \t\n\r';
const newline = '\n\r';
/** characters that stand for themselves: behind the first that is not quoted, and within double quotes */
const bare = /[^\n\r\\]+/y;
const quoted = /[^"\\]+/y;

/**
 * systemd's `EnvironmentFile=` (load_env_file): a quote or a backslash may start anywhere in the value, `#` is a
 * comment only at the start of a line, and a quote that is not closed runs to the end of the file. Names that no
 * environment may have are dropped.
 */
export const readSystemd: Read = (text) => {
  const assignments: Assignment[] = [];
  // a NUL ends what it reads
  const end = text.indexOf('\0') === -1 ? text.length : text.indexOf('\0');
  let at = 0;
  while (at < end) {
    const first = text.charAt(at);
    if (space.includes(first)) {
      at++;
      continue;
    }
    if (first === '#' || first === ';') {
      at = afterComment(text, at, end);
      continue;
    }
    const nameStart = at;
    // an `=` that begins a line is a part of the name, which no environment takes
    at++;
    while (at < end && text[at] !== '=' && !newline.includes(text.charAt(at))) at++;
    if (text[at] !== '=' || at >= end) continue;
    const name = text.slice(nameStart, at).replace(/[ \t]+$/, '');
    const value = new Value(text, at + 1, end);
    at = value.end;
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      assignments.push({
        name,
        value: value.text,
        nameAt: { start: nameStart, end: nameStart + name.length },
        valueAt: { start: value.start, end: value.last },
      });
    }
  }
  return { assignments, troubles: [] };
};

/** A backslash takes the next character along; until systemd 254 it also made the next line part of the comment. */
function afterComment(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && !newline.includes(text.charAt(at))) at++;
  return at;
}

class Value {
  text = '';
  readonly #grown = new Grown();
  #length = 0;
  readonly start: number;
  /** where the next line begins, or where the file ends */
  end: number;
  /** after the last character that is not white space */
  last: number;

  constructor(source: string, from: number, limit: number) {
    let at = from;
    let kept = 0;
    // before the first character of an unquoted stretch, and again after each closing quote: white space is skipped
    let between = true;
    while (at < limit && ' \t'.includes(source.charAt(at))) at++;
    this.start = at;
    this.last = at;
    while (at < limit && !newline.includes(source.charAt(at))) {
      const character = source.charAt(at);
      if (between && (character === "'" || character === '"')) {
        at = character === "'" ? this.#single(source, at + 1, limit) : this.#double(source, at + 1, limit);
        kept = this.#length;
      } else if (character === '\\') {
        const next = source.charAt(at + 1);
        if (at + 1 < limit && !newline.includes(next)) this.#add(next);
        kept = this.#length;
        between = false;
        at += 2;
      } else if (between && ' \t'.includes(character)) {
        at++;
        continue;
      } else {
        between = false;
        const start = at;
        at = this.#plain(source, at, limit, bare);
        let solid = at;
        while (solid > start && ' \t'.includes(source.charAt(solid - 1))) solid--;
        if (solid > start) kept = this.#length - (at - solid);
      }
      this.last = Math.min(at, limit);
    }
    this.text = this.#grown.text.slice(0, kept);
    this.end = Math.min(at, limit);
  }

  #add(piece: string): void {
    this.#grown.add(piece);
    this.#length += piece.length;
  }

  /** A run of what the expression takes; returns where it ends. */
  #plain(source: string, from: number, limit: number, run: RegExp): number {
    run.lastIndex = from;
    const end = run.test(source) ? Math.min(run.lastIndex, limit) : from + 1;
    this.#add(source.slice(from, end));
    return end;
  }

  #single(source: string, from: number, limit: number): number {
    const close = source.indexOf("'", from);
    const end = close === -1 || close >= limit ? limit : close;
    this.#add(source.slice(from, end));
    return end + 1;
  }

  #double(source: string, from: number, limit: number): number {
    let at = from;
    while (at < limit && source[at] !== '"') {
      if (source[at] !== '\\') {
        at = this.#plain(source, at, limit, quoted);
        continue;
      }
      const next = at + 1 < limit ? source.charAt(at + 1) : '';
      if (next !== '\n') this.#add('"\\`$'.includes(next) ? next : `\\${next}`);
      at += 2;
    }
    return at + 1;
  }
}
