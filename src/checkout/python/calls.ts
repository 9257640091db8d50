import type { Token } from './tokens.js';

export interface Argument {
  /** null: by position */
  readonly keyword: string | null;
  readonly value: readonly Token[];
}

export interface PythonCall {
  /** `jwt.decode` */
  readonly callee: string;
  readonly at: Token;
  readonly args: readonly Argument[];
  /** `*args` or `**kwargs`: there may be more */
  readonly open: boolean;
}

/** Every call in a line, inner ones too. */
export function callsOf(tokens: readonly Token[]): PythonCall[] {
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'sign' || token.text !== '(') return [];
    let start = index;
    while (tokens[start - 1]?.kind === 'name' && (start === index || tokens[start]?.text === '.')) {
      start -= 1;
      if (tokens[start - 1]?.text === '.') start -= 1;
    }
    const callee = tokens.slice(start, index);
    const at = callee[0]?.text === '.' ? callee[1] : callee[0];
    if (at === undefined || /^(def|class)$/.test(tokens[start - 1]?.text ?? '')) return [];
    const inside = tokens.slice(index + 1, closingOf(tokens, index));
    const parts = splitAt(inside, ({ kind, text }) => kind === 'sign' && text === ',').filter(
      ({ length }) => length > 0,
    );
    const open = parts.some(([first]) => first?.kind === 'sign' && /^\*\*?$/.test(first.text));
    return [{ callee: callee.map(({ text }) => text).join(''), at, args: parts.map(argumentOf), open }];
  });
}

function argumentOf(tokens: readonly Token[]): Argument {
  const [first, second] = tokens;
  return first?.kind === 'name' && second?.kind === 'sign' && second.text === '='
    ? { keyword: first.text, value: tokens.slice(2) }
    : { keyword: null, value: tokens };
}

/** Where the bracket that opens at an index closes; the end, where it does not. */
export function closingOf(tokens: readonly Token[], index: number): number {
  let depth = 0;
  for (let at = index; at < tokens.length; at++) {
    const { kind, text } = tokens[at] as Token;
    if (kind !== 'sign') continue;
    if ('([{'.includes(text)) depth += 1;
    else if (')]}'.includes(text)) depth -= 1;
    if (depth === 0) return at;
  }
  return tokens.length;
}

/** Parts between separators that are not inside of brackets. */
export function splitAt<T extends string | Token>(items: readonly T[], separates: (item: T) => boolean): T[][] {
  const parts: T[][] = [[]];
  let depth = 0;
  for (const item of items) {
    const sign = typeof item === 'string' ? item : item.kind === 'sign' ? item.text : '';
    if (sign !== '' && '([{'.includes(sign)) depth += 1;
    else if (sign !== '' && ')]}'.includes(sign)) depth -= 1;
    if (depth === 0 && separates(item)) parts.push([]);
    else parts.at(-1)?.push(item);
  }
  return parts;
}
