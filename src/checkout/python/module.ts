import type { SourceFile } from '../../core/source-tree.js';
import type { Line, Token } from './tokens.js';
import { linesOf } from './tokens.js';

/** `name = value`, with the class whose body it is in, if it is in one. */
export interface Assignment {
  readonly name: string;
  readonly value: readonly Token[];
  readonly owner: string | null;
}

export interface PythonClass {
  readonly name: string;
  readonly bases: readonly string[];
  readonly fields: readonly Field[];
}

/** A field of a class; `value` is null for one that is only declared. */
export interface Field {
  readonly name: string;
  readonly at: Token;
  readonly value: readonly Token[] | null;
}

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

export interface PythonModule {
  readonly file: SourceFile;
  /** local name -> dotted name: `jwt` -> `jose.jwt` */
  readonly imports: ReadonlyMap<string, string>;
  readonly assignments: ReadonlyMap<string, readonly Assignment[]>;
  readonly classes: readonly PythonClass[];
  readonly calls: readonly PythonCall[];
  readonly texts: readonly Token[];
}

export function pythonModule(file: SourceFile): PythonModule {
  const lines = linesOf(file.text);
  const classes = classesOf(lines);
  const assignments = new Map<string, Assignment[]>();
  for (const each of assignmentsOf(lines)) assignments.set(each.name, [...(assignments.get(each.name) ?? []), each]);
  const imports = new Map(lines.flatMap(({ tokens }) => importsOf(tokens)));
  return {
    file,
    imports,
    assignments,
    classes,
    calls: lines.flatMap(({ tokens }) => callsOf(tokens)),
    // a line that is only a text is a docstring
    texts: lines.flatMap(({ tokens }) => (tokens.length === 1 ? [] : tokens.filter(({ kind }) => kind === 'text'))),
  };
}

/** `import a.b as c`, `from a.b import c as d, e`; dots of a relative import stay in front. */
function importsOf(tokens: readonly Token[]): [string, string][] {
  const words = tokens.map(({ text }) => text).filter((text) => text !== '(' && text !== ')');
  const from = words[0] === 'from';
  const cut = from ? words.indexOf('import') : 0;
  if (cut < 0 || words[cut] !== 'import') return [];
  const base = words.slice(1, cut).join('');
  return splitAt(words.slice(cut + 1), (text) => text === ',').flatMap((words): [string, string][] => {
    const as = words.indexOf('as');
    const path = (as < 0 ? words : words.slice(0, as)).join('');
    if (path === '' || path === '*') return [];
    const whole = from ? `${base}${base.endsWith('.') ? '' : '.'}${path}` : path;
    if (as >= 0) return [[words[as + 1] ?? '', whole]];
    // `import a.b` binds `a`
    return from ? [[path, whole]] : [[path.split('.')[0] ?? '', path.split('.')[0] ?? '']];
  });
}

function assignmentsOf(lines: readonly Line[]): Assignment[] {
  return lines.flatMap((line, index) => {
    const [name] = line.tokens;
    const equals = line.tokens.findIndex(({ kind, text }) => kind === 'sign' && text === '=');
    const plain = line.tokens[1]?.text === '=' || line.tokens[1]?.text === ':';
    if (name?.kind !== 'name' || !plain || equals < 1) return [];
    return [{ name: name.text, value: line.tokens.slice(equals + 1), owner: ownerOf(lines, index) }];
  });
}

/** The class or function whose body a line is directly in. */
function ownerOf(lines: readonly Line[], index: number): string | null {
  const indent = lines[index]?.indent ?? 0;
  for (let at = index - 1; at >= 0; at--) {
    const line = lines[at] as Line;
    if (line.indent < indent && /^(class|def|async)$/.test(line.tokens[0]?.text ?? ''))
      return line.tokens[1]?.text ?? null;
  }
  return null;
}

function classesOf(lines: readonly Line[]): PythonClass[] {
  return lines.flatMap((line, index) => {
    const [first, name, ...rest] = line.tokens;
    if (first?.text !== 'class' || name === undefined) return [];
    const bases = rest.filter(({ kind }) => kind === 'name').map(({ text }) => text);
    const fields: Field[] = [];
    const body = lines[index + 1]?.indent ?? 0;
    for (const { indent, tokens } of lines.slice(index + 1)) {
      if (indent <= line.indent) break;
      const [at, colon] = tokens;
      if (indent !== body || at?.kind !== 'name' || (colon?.text !== ':' && colon?.text !== '=')) continue;
      const equals = tokens.findIndex(({ kind, text }) => kind === 'sign' && text === '=');
      fields.push({ name: at.text, at, value: equals < 0 ? null : tokens.slice(equals + 1) });
    }
    return [{ name: name.text, bases, fields }];
  });
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
