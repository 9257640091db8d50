/** A piece of Python. Comments and line ends inside of brackets are left out. */
export interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'sign';
  /** as it is written; of a text only what it holds, escapes kept */
  readonly text: string;
  /** of a formatted text: what stands between the braces, by the index of the literal before it */
  readonly parts: readonly (string | readonly Token[])[] | null;
  readonly start: number;
  readonly end: number;
}

/** A logical line: all that stands between two line ends that count. */
export interface Line {
  readonly indent: number;
  readonly tokens: readonly Token[];
}

/** Why a file is no Python that can be read. */
export class Unreadable extends Error {}

const space = /[ \t\f\r]+|\\\r?\n/y;
const word = /[\p{L}_][\p{L}\p{N}_]*/uy;
const number = /0[xob]\w+|(?:\d|\.\d)(?:e[+-]?\d|[\w.])*/iy;
const sign = /\*\*=?|\/\/=?|>>=?|<<=?|->|:=|\.\.\.|[=!<>+\-*/%@&|^]=|[^\s]/y;
const opening = /([rbuft]{0,2})('''|"""|'|")/iy;
const closes: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const deepest = 200;
const deepestFormat = 8;

/** The logical lines of a Python file. */
export function linesOf(text: string): Line[] {
  if (text.includes('\0')) throw new Unreadable('holds null bytes');
  const lines: Line[] = [];
  let tokens: Token[] = [];
  let indent = 0;
  const end = scan(text, 0, null, 0, (token) => {
    if (token === null) {
      if (tokens.length > 0) lines.push({ indent, tokens });
      tokens = [];
      return;
    }
    if (tokens.length === 0) indent = indentAt(text, token.start);
    tokens.push(token);
  });
  if (end !== text.length) throw new Unreadable(`has a bracket too many in line ${lineAt(text, end)}`);
  if (tokens.length > 0) lines.push({ indent, tokens });
  return lines;
}

/** Reads tokens up to `until`, or to the end; null is handed on for a line end. Returns where it stopped. */
function scan(
  text: string,
  from: number,
  until: string | null,
  format: number,
  take: (token: Token | null) => void,
): number {
  const open: string[] = [];
  let at = from;
  while (at < text.length) {
    const c = text[at] as string;
    if (open.length === 0 && until !== null && (c === until || (c === ':' && text[at + 1] !== '=') || c === '!'))
      return at;
    const blank = match(space, text, at);
    if (blank !== null) at += blank.length;
    else if (c === '#') at = endOfLine(text, at);
    else if (c === '\n') {
      if (open.length === 0 && until === null) take(null);
      at += 1;
    } else {
      const token = next(text, at, format);
      take(token);
      at = token.end;
      if (token.kind !== 'sign') continue;
      const closing = closes[token.text];
      if (closing !== undefined) open.push(closing);
      else if (')]}'.includes(token.text) && open.pop() !== token.text) return token.start;
      if (open.length > deepest) throw new Unreadable('is nested too deeply');
    }
  }
  if (open.length > 0 || until !== null) throw new Unreadable('has an open bracket at its end');
  return at;
}

function next(text: string, at: number, format: number): Token {
  opening.lastIndex = at;
  const start = opening.exec(text);
  if (start !== null) return quoted(text, at, start[1] ?? '', start[2] ?? '', format);
  for (const [kind, pattern] of [
    ['name', word],
    ['number', number],
    ['sign', sign],
  ] as const) {
    const found = match(pattern, text, at);
    if (found !== null) return { kind, text: found, parts: null, start: at, end: at + found.length };
  }
  throw new Unreadable(`has a strange character in line ${lineAt(text, at)}`);
}

function quoted(text: string, start: number, prefix: string, quote: string, format: number): Token {
  const formatted = /[ft]/i.test(prefix);
  const from = start + prefix.length + quote.length;
  const parts: (string | readonly Token[])[] = [];
  let piece = from;
  let at = from;
  while (at < text.length) {
    const c = text[at];
    if (text.startsWith(quote, at)) {
      const held = text.slice(from, at);
      parts.push(text.slice(piece, at));
      return { kind: 'text', text: held, parts: formatted ? parts : null, start, end: at + quote.length };
    }
    if (c === '\n' && quote.length === 1) break;
    if (c === '\\') at += 2;
    else if (formatted && c === '{' && text[at + 1] === '{') at += 2;
    else if (formatted && c === '{') {
      if (format >= deepestFormat) throw new Unreadable('is nested too deeply');
      const inner: Token[] = [];
      parts.push(text.slice(piece, at), inner);
      const stop = scan(text, at + 1, '}', format + 1, (token) => token !== null && inner.push(token));
      at = afterFormat(text, stop);
      piece = at;
    } else at += 1;
  }
  throw new Unreadable(`has a text without an end in line ${lineAt(text, start)}`);
}

/** Past `!r`, `:>{width}` and the closing brace. */
function afterFormat(text: string, at: number): number {
  let depth = 0;
  for (let end = at; end < text.length; end++) {
    if (text[end] === '{') depth += 1;
    else if (text[end] === '}' && depth-- === 0) return end + 1;
  }
  throw new Unreadable(`has an open brace in line ${lineAt(text, at)}`);
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** Columns before a token, a tab reaching to the next eighth. */
function indentAt(text: string, at: number): number {
  let columns = 0;
  for (const c of text.slice(text.lastIndexOf('\n', at - 1) + 1, at))
    columns = c === '\t' ? (columns | 7) + 1 : columns + 1;
  return columns;
}

function lineAt(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}
