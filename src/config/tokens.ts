import { createScanner } from 'jsonc-parser';

/** A piece of JSON with comments. `text` of a string is its value; of all else, as written. */
export interface Token {
  readonly kind: 'mark' | 'word' | 'string' | 'number' | 'comment' | 'space' | 'other';
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

// the scanner's SyntaxKind, in its order; 17 is the end
const kinds: readonly Token['kind'][] = [
  'other',
  ...repeated('mark', 6),
  ...repeated('word', 3),
  'string',
  'number',
  ...repeated('comment', 2),
  ...repeated('space', 2),
  'other',
];
const end = 17;

/** Every piece of a text, whatever it is, without gaps. */
export function tokens(text: string): Token[] {
  const scanner = createScanner(text, false);
  const found: Token[] = [];
  for (let kind: number = scanner.scan(); kind !== end; kind = scanner.scan()) {
    const [offset, length] = [scanner.getTokenOffset(), scanner.getTokenLength()];
    const written = text.slice(offset, offset + length);
    const name = kinds[kind] ?? 'other';
    found.push({ kind: name, offset, length, text: name === 'string' ? scanner.getTokenValue() : written });
  }
  return found;
}

/** Offset of the first bracket that is deeper than `most`, or null: beyond it a parser that recurses is not safe. */
export function tooDeep(pieces: readonly Token[], most: number): number | null {
  let depth = 0;
  for (const { kind, offset, text } of pieces) {
    if (kind !== 'mark') continue;
    if (text === '{' || text === '[') depth++;
    if (text === '}' || text === ']') depth--;
    if (depth > most) return offset;
  }
  return null;
}

function repeated(kind: Token['kind'], times: number): Token['kind'][] {
  return Array.from({ length: times }, () => kind);
}
