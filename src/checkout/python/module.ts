import type { SourceFile } from '../../core/source-tree.js';
import type { PythonCall } from './calls.js';
import { callsOf, splitAt } from './calls.js';
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
  for (const each of assignmentsOf(lines)) {
    const known = assignments.get(each.name);
    if (known === undefined) assignments.set(each.name, [each]);
    else known.push(each);
  }
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
  /** the classes and functions whose bodies a line is in, the innermost last */
  const around: { readonly indent: number; readonly name: string | null }[] = [];
  return lines.flatMap(({ indent, tokens }) => {
    while ((around.at(-1)?.indent ?? -1) >= indent) around.pop();
    const owner = around.at(-1)?.name ?? null;
    const [name, next] = tokens;
    if (/^(class|def|async)$/.test(name?.text ?? '')) around.push({ indent, name: next?.text ?? null });
    const equals = tokens.findIndex(({ kind, text }) => kind === 'sign' && text === '=');
    const plain = next?.text === '=' || next?.text === ':';
    if (name?.kind !== 'name' || !plain || equals < 1) return [];
    return [{ name: name.text, value: tokens.slice(equals + 1), owner }];
  });
}

function classesOf(lines: readonly Line[]): PythonClass[] {
  return lines.flatMap((line, index) => {
    const [first, name, ...rest] = line.tokens;
    if (first?.text !== 'class' || name === undefined) return [];
    const bases = rest.filter(({ kind }) => kind === 'name').map(({ text }) => text);
    const fields: Field[] = [];
    const body = lines[index + 1]?.indent ?? 0;
    for (let next = index + 1; next < lines.length; next++) {
      const { indent, tokens } = lines[next] as Line;
      if (indent <= line.indent) break;
      const [at, colon] = tokens;
      if (indent !== body || at?.kind !== 'name' || (colon?.text !== ':' && colon?.text !== '=')) continue;
      const equals = tokens.findIndex(({ kind, text }) => kind === 'sign' && text === '=');
      fields.push({ name: at.text, at, value: equals < 0 ? null : tokens.slice(equals + 1) });
    }
    return [{ name: name.text, bases, fields }];
  });
}
