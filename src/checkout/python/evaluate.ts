import type { SourceFile, Unread } from '../../core/source-tree.js';
import { folderOf, joined } from '../../core/source-tree.js';
import { detached, Held } from '../held.js';
import { callsOf, closingOf, splitAt } from './calls.js';
import type { Field, PythonModule } from './module.js';
import { prefixOf } from './settings.js';
import type { Token } from './tokens.js';

/** A value as far as it can be known without running anything. */
export type PythonValue =
  | { readonly kind: 'text'; readonly text: string }
  /** only the end is known; `from` is the variable that the beginning comes from, where that is known */
  | { readonly kind: 'suffix'; readonly text: string; readonly from: string | null }
  /** `fallback`: a text of the source stands in for the variable when it is absent */
  | { readonly kind: 'env'; readonly name: string; readonly fallback: boolean }
  | { readonly kind: 'list'; readonly items: readonly PythonValue[] }
  | { readonly kind: 'dict'; readonly entries: ReadonlyMap<string, PythonValue> }
  | { readonly kind: 'boolean'; readonly boolean: boolean }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' };

const unknown: PythonValue = { kind: 'unknown' };
const deepest = 12;
const environment = /^(os\.getenv|os\.environ\.get|os\.environ|decouple\.config|starlette\.config\.Config)$/;

/** The Python of a tree, each file parsed when it is asked for, and what expressions in it are worth. */
export class PythonProgram {
  readonly files: readonly SourceFile[];
  readonly #modules: Held<PythonModule>;
  #settings: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(files: readonly SourceFile[], parse: (file: SourceFile) => PythonModule | string) {
    this.files = files;
    this.#modules = new Held(files, parse);
  }

  get unread(): readonly Unread[] {
    return this.#modules.unread;
  }

  module(path: string): PythonModule | null {
    return this.#modules.get(path);
  }

  /** A dotted name with its first part as it was imported: `jwt.decode` -> `jose.jwt.decode`. */
  qualified({ imports }: PythonModule, name: string): string {
    const [first = '', ...rest] = name.split('.');
    return [imports.get(first) ?? first, ...rest].join('.');
  }

  /** Where the value of a name is written, through imports of local files; null where it is written twice, or nowhere. */
  written(
    module: PythonModule,
    name: string,
    depth = 0,
  ): { readonly module: PythonModule; readonly value: readonly Token[] } | null {
    const found = (module.assignments.get(name) ?? []).filter(({ value }) => value[0]?.text !== 'None');
    const [only] = found;
    if (found.length === 1 && only !== undefined) return { module, value: only.value };
    const imported = found.length > 0 ? undefined : module.imports.get(name);
    if (imported === undefined || depth > deepest) return null;
    const cut = imported.lastIndexOf('.');
    const home = this.#resolve(module.file.path, imported.slice(0, Math.max(cut, 0)) || '.');
    return home === null || home.file.path === module.file.path
      ? null
      : this.written(home, imported.slice(cut + 1), depth + 1);
  }

  value(module: PythonModule, tokens: readonly Token[], depth = 0): PythonValue {
    const [first, second] = tokens;
    if (first === undefined || depth > deepest) return unknown;
    if (tokens.every(({ kind }) => kind === 'text')) return this.#text(module, tokens, depth);
    if (first.text === '(' && closingOf(tokens, 0) === tokens.length - 1) {
      const inner = tokens.slice(1, -1);
      return inner.some(isComma) ? this.#list(module, inner, depth) : this.value(module, inner, depth + 1);
    }
    const choices = splitAt(tokens, ({ kind, text }) => kind === 'name' && text === 'or');
    if (choices.length === 2) return this.#either(module, choices as [Token[], Token[]], depth);
    if (first.kind === 'name' && second === undefined) return this.#name(module, first.text, depth);
    if (first.text === '[' && closingOf(tokens, 0) === tokens.length - 1)
      return this.#list(module, tokens.slice(1, -1), depth);
    if (first.text === '{' && closingOf(tokens, 0) === tokens.length - 1)
      return this.#dict(module, tokens.slice(1, -1), depth);
    return this.#path(module, tokens, depth);
  }

  #text(module: PythonModule, tokens: readonly Token[], depth: number): PythonValue {
    const parts = tokens.flatMap(({ parts, text }) => parts ?? [text]).filter((part) => part !== '');
    if (parts.every((part) => typeof part === 'string')) return { kind: 'text', text: parts.join('') };
    const last = parts.findLastIndex((part) => typeof part !== 'string');
    const [head] = parts;
    const value = last === 0 && typeof head === 'object' ? this.value(module, head, depth + 1) : unknown;
    const end = parts.slice(last + 1).join('');
    if (value.kind === 'text') return { kind: 'text', text: value.text + end };
    return { kind: 'suffix', text: end, from: value.kind === 'env' ? value.name : null };
  }

  #either(module: PythonModule, [left, right]: [Token[], Token[]], depth: number): PythonValue {
    const first = this.value(module, left, depth + 1);
    if (first.kind !== 'env') return unknown;
    const second = this.value(module, right, depth + 1);
    return second.kind === 'text' && second.text !== '' ? { ...first, fallback: true } : first;
  }

  #name(module: PythonModule, name: string, depth: number): PythonValue {
    if (name === 'True' || name === 'False') return { kind: 'boolean', boolean: name === 'True' };
    if (name === 'None') return { kind: 'none' };
    const found = this.written(module, name);
    return found === null ? unknown : this.value(found.module, found.value, depth + 1);
  }

  #list(module: PythonModule, tokens: readonly Token[], depth: number): PythonValue {
    const items = splitAt(tokens, isComma).filter(({ length }) => length > 0);
    return { kind: 'list', items: items.map((item) => this.value(module, item, depth + 1)) };
  }

  #dict(module: PythonModule, tokens: readonly Token[], depth: number): PythonValue {
    const entries = new Map<string, PythonValue>();
    for (const entry of splitAt(tokens, isComma).filter(({ length }) => length > 0)) {
      const [key, colon, ...value] = entry;
      if (key?.kind !== 'text' || colon?.text !== ':') return unknown;
      entries.set(key.text, this.value(module, value, depth + 1));
    }
    return { kind: 'dict', entries };
  }

  /** `os.getenv("X")`, `os.environ["X"]`, `settings.x`, with `.encode()` and the like behind it. */
  #path(module: PythonModule, tokens: readonly Token[], depth: number): PythonValue {
    const [call] = callsOf(tokens);
    const name = tokens[0]?.text === call?.at.text ? this.qualified(module, call?.callee ?? '') : '';
    const wrapped = /^(str|bytes)$/.test(name) ? call?.args[0]?.value : undefined;
    if (wrapped !== undefined) return this.value(module, wrapped, depth + 1);
    const key = call?.args[0]?.value;
    if (environment.test(name) && key?.length === 1 && key[0]?.kind === 'text') {
      const other = call?.args.find(({ keyword }, index) => keyword === 'default' || (keyword === null && index === 1));
      const value = other === undefined ? unknown : this.value(module, other.value, depth + 1);
      return { kind: 'env', name: key[0].text, fallback: value.kind === 'text' && value.text !== '' };
    }
    const bracket = tokens.findIndex(({ text, kind }) => kind === 'sign' && text === '[');
    const indexed = tokens[bracket + 1];
    if (bracket > 0 && indexed?.kind === 'text' && tokens[bracket + 2]?.text === ']') {
      const holder = dotted(tokens.slice(0, bracket)) ?? '';
      return this.qualified(module, holder) === 'os.environ'
        ? { kind: 'env', name: indexed.text, fallback: false }
        : unknown;
    }
    const last = tokens.findLastIndex(({ text, kind }) => kind === 'sign' && text === '.');
    const method = tokens[last + 1]?.text ?? '';
    if (last > 0 && /^(encode|strip|get_secret_value|upper|lower)$/.test(method) && tokens[last + 2]?.text === '(')
      return closingOf(tokens, last + 2) === tokens.length - 1
        ? this.value(module, tokens.slice(0, last), depth + 1)
        : unknown;
    const holder = dotted(tokens.slice(0, Math.max(last, 0)));
    return holder !== null && last === tokens.length - 2 ? this.#setting(holder, method, depth) : unknown;
  }

  /** A field of a class of pydantic-settings: read from the variable of its name, whatever the case. */
  #setting(holder: string, field: string, depth: number): PythonValue {
    if (!/settings|config|conf\b/i.test(holder)) return unknown;
    this.#settings ??= this.#fields();
    const [path, another] = this.#settings.get(field) ?? [];
    const module = path === undefined || another !== undefined ? null : this.module(path);
    for (const fields of module === null ? [] : settingsOf(module)) {
      const own = fields.find(({ name }) => name === field);
      if (own !== undefined && module !== null) return this.#field(module, own, prefixOf(fields), depth);
    }
    return unknown;
  }

  /** Where each field of such a class is written: the path of its file, once for each class that has one of the name. */
  #fields(): Map<string, string[]> {
    const found = new Map<string, string[]>();
    for (const file of this.files) {
      if (!/Settings\b/.test(file.text)) continue;
      const module = this.module(file.path);
      const fields = module === null ? [] : settingsOf(module).map((each) => each.map(({ name }) => name));
      for (const name of detached(fields).flatMap((names) => [...new Set(names)])) {
        const paths = found.get(name);
        if (paths === undefined) found.set(name, [file.path]);
        else paths.push(file.path);
      }
    }
    return found;
  }

  #field(module: PythonModule, { name, value }: Field, prefix: string, depth: number): PythonValue {
    const usual = `${prefix}${name}`.toUpperCase();
    if (value === null) return { kind: 'env', name: usual, fallback: false };
    const [call] = callsOf(value);
    if (call === undefined || value[0] !== call.at || !/(^|\.)Field$/.test(call.callee)) {
      const plain = this.value(module, value, depth + 1);
      if (plain.kind === 'env') return plain;
      return { kind: 'env', name: usual, fallback: plain.kind === 'text' && plain.text !== '' };
    }
    const argument = (keyword: string) => call.args.find((each) => each.keyword === keyword)?.value;
    const alias = argument('validation_alias') ?? argument('alias') ?? argument('env');
    const other = argument('default') ?? call.args.find(({ keyword }) => keyword === null)?.value;
    const named = alias === undefined ? usual : alias.length === 1 && alias[0]?.kind === 'text' ? alias[0].text : null;
    const plain = other === undefined ? unknown : this.value(module, other, depth + 1);
    return named === null
      ? unknown
      : { kind: 'env', name: named, fallback: plain.kind === 'text' && plain.text !== '' };
  }

  /** The file of the tree that a dotted name means. */
  #resolve(from: string, dotted: string): PythonModule | null {
    const dots = /^\.*/.exec(dotted)?.[0].length ?? 0;
    const path = dotted.slice(dots).replaceAll('.', '/');
    const folder = folderOf(from);
    const starts = dots > 0 ? [joined(folder, '../'.repeat(dots - 1))] : ancestors(folder);
    for (const start of starts) {
      if (start === null) continue;
      const base = [start, path].filter((part) => part !== '' && part !== '.').join('/');
      const found = this.module(`${base}.py`) ?? this.module(base === '' ? '__init__.py' : `${base}/__init__.py`);
      if (found !== null) return found;
    }
    return null;
  }
}

/** The fields of each class of settings. */
function settingsOf({ classes }: PythonModule): (readonly Field[])[] {
  return classes.filter(({ bases }) => bases.some((base) => /Settings$/.test(base))).map(({ fields }) => fields);
}

/** `a.b`, `get_settings()`: names and dots in turn; null for anything else. */
function dotted(tokens: readonly Token[]): string | null {
  const apart = tokens.map(({ text }) => text).join(' ');
  return /^[\p{L}_][\p{L}\p{N}_]*( \( \))?( \. [\p{L}_][\p{L}\p{N}_]*( \( \))?)*$/u.test(apart)
    ? apart.replaceAll(' ', '')
    : null;
}

function ancestors(folder: string): string[] {
  const parts = folder === '.' ? [] : folder.split('/');
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join('/')), ''];
}

function isComma({ kind, text }: Token): boolean {
  return kind === 'sign' && text === ',';
}
