import { printable } from '../core/finding.js';
import type { Token } from './tokens.js';

/** A place in a text; both count from 1, columns in UTF-16 units as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const lineEnd = /\r\n|\r|\n/g;
const widest = 96;

/** A text by lines, for places and excerpts in words that are safe to print. */
export class Page {
  readonly #starts: readonly number[];
  readonly #text: string;
  readonly #tokens: readonly Token[];

  constructor(text: string, pieces: readonly Token[]) {
    this.#text = text;
    this.#tokens = pieces;
    this.#starts = [0, ...Array.from(text.matchAll(lineEnd), (end) => end.index + end[0].length)];
  }

  position(offset: number): Position {
    const line = this.#starts.findLastIndex((start) => start <= offset);
    return { line: line + 1, column: offset - (this.#starts[line] ?? 0) + 1 };
  }

  /**
   * The line of `offset` and a caret line. Only marks, words and the strings that `shows` lets through are printed:
   * any other string, number or comment may be a secret, and what is hidden does not show its length either.
   */
  excerpt(offset: number, shows: (token: Token) => boolean): string {
    const { line } = this.position(offset);
    const from = this.#starts[line - 1] ?? 0;
    const to = this.#starts[line] ?? this.#text.length;
    let shown = '';
    let caret: { at: number; width: number } | null = null;
    for (const token of this.#tokens) {
      if (token.offset + token.length <= from || token.offset >= to) continue;
      const piece = shown === '' && token.kind === 'space' ? '' : print(token, shows(token));
      if (caret === null && offset < token.offset + token.length) {
        caret = { at: shown.length, width: Math.max(1, piece.trimEnd().length) };
      }
      shown += piece;
    }
    shown = shown.trimEnd();
    const { at, width } = caret ?? { at: shown.length, width: 1 };
    return framed(line, shown, at, width);
  }
}

function print({ kind, text }: Token, shows: boolean): string {
  switch (kind) {
    case 'mark':
    case 'word':
      return text;
    case 'string':
      return shows ? `"${printable(text)}"` : '"…"';
    case 'comment':
      return text.startsWith('//') ? '// …' : '/* … */';
    case 'space':
      return /[\r\n]/.test(text) ? '' : ' '.repeat(text.length);
    default:
      return '…';
  }
}

function framed(line: number, shown: string, at: number, width: number): string {
  const gutter = `${line}`.padStart(6);
  const cut = Math.max(0, at - Math.floor(widest / 2));
  const before = cut > 0 ? '…' : '';
  const after = shown.length > cut + widest ? '…' : '';
  const visible = `${before}${shown.slice(cut, cut + widest)}${after}`;
  const start = at - cut + before.length;
  const carets = '^'.repeat(Math.max(1, Math.min(width, visible.length - start)));
  return `${gutter} | ${visible}\n${' '.repeat(6)} | ${' '.repeat(start)}${carets}`;
}
