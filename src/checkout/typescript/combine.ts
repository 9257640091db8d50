import type { Value } from './value.js';

const unknown: Value = { kind: 'unknown' };

/** The text of a template: its pieces, and the values between them. */
export function joinedText(texts: readonly string[], values: readonly Value[]): Value {
  let known: Value = { kind: 'text', text: texts[0] ?? '' };
  values.forEach((value, index) => {
    known = concatenated(concatenated(known, value), { kind: 'text', text: texts[index + 1] ?? '' });
  });
  return known;
}

function concatenated(left: Value, right: Value): Value {
  if (left.kind === 'text' && right.kind === 'text') return { kind: 'text', text: left.text + right.text };
  if (left.kind === 'text' && left.text === '') return right;
  // what follows a query tells nothing of the path
  if ((left.kind === 'text' || left.kind === 'suffix') && left.text.includes('?')) return left;
  if (right.kind === 'text') {
    if (right.text === '') return left;
    return left.kind === 'suffix'
      ? { ...left, text: left.text + right.text }
      : { kind: 'suffix', text: right.text, head: left };
  }
  return unknown;
}

/** Two values under an operator. */
export function combined(operator: string, left: Value, right: Value): Value {
  if (operator === '+' && (left.kind === 'text' || right.kind === 'text')) return concatenated(left, right);
  if (left.kind !== 'number' || right.kind !== 'number') return unknown;
  const [a, b] = [left.number, right.number];
  const results: Readonly<Record<string, number>> = { '+': a + b, '-': a - b, '*': a * b, '/': a / b };
  const number = results[operator];
  return number === undefined ? unknown : { kind: 'number', number };
}

/** `new URL(path, base)`, as far as a base without a path makes it the one after the other. */
export function joinedUrl([path, base]: readonly Value[]): Value {
  if (path === undefined) return unknown;
  if (base === undefined || path.kind !== 'text') return path;
  if (!path.text.startsWith('/')) return unknown;
  return base.kind === 'text' && URL.canParse(path.text, base.text)
    ? { kind: 'text', text: new URL(path.text, base.text).href }
    : { kind: 'suffix', text: path.text, head: base };
}
