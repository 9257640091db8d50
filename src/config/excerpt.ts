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
    const caret = this.#tokenAt(offset);
    // a line may be as long as the file: no more of it is printed than is shown
    let before = '';
    for (let i = caret - 1; before.length < widest; i--) {
      const token = this.#tokens[i];
      if (token === undefined || token.offset + token.length <= from) {
        before = before.trimStart();
        break;
      }
      before = print(token, shows(token)) + before;
    }
    let after = '';
    let width = 1;
    for (let i = caret; i < this.#tokens.length && after.trimEnd().length <= widest; i++) {
      const token = this.#tokens[i] as Token;
      if (token.offset >= to) break;
      const piece = before === '' && after === '' && token.kind === 'space' ? '' : print(token, shows(token));
      if (i === caret) width = Math.max(1, piece.trimEnd().length);
      after += piece;
    }
    const shown = `${before}${after}`.trimEnd();
    return framed(line, shown, caret < this.#tokens.length ? before.length : shown.length, width);
  }

  /** The index of the piece that has an offset, or of the end. */
  #tokenAt(offset: number): number {
    let low = 0;
    let high = this.#tokens.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { offset: start, length } = this.#tokens[middle] as Token;
      if (start + length <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
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
