import type { SourceTree, Unread } from '../../core/source-tree.js';
import { folderOf, joined } from '../../core/source-tree.js';
import { Held } from '../held.js';
import type { Binding, Module } from './module.js';
import { bindingOf, moduleOf } from './module.js';
import { parseSource } from './parse.js';

/** What an import of a package brings: `name` of `source`. */
export interface External {
  readonly source: string;
  readonly name: string;
}

const endings = [
  '',
  '.ts',
  '.tsx',
  '.js',
  '.jsx',
  '.mts',
  '.mjs',
  '.cts',
  '.cjs',
  '/index.ts',
  '/index.tsx',
  '/index.js',
];
const deepest = 12;

/** The TypeScript and JavaScript of a tree: each file is parsed when it is asked for. */
export class Program {
  readonly #modules: Held<Module>;
  /** folders of the packages of the tree, by name */
  readonly #packages: ReadonlyMap<string, string>;

  constructor({ files }: SourceTree) {
    this.#modules = new Held(files, (file) => {
      const tree = parseSource(file);
      return typeof tree === 'string' ? tree : moduleOf(file, tree);
    });
    this.#packages = new Map(
      files.flatMap((file) => {
        const { path } = file;
        if (!/(^|\/)package\.json$/.test(path)) return [];
        const name = /^\s*"name"\s*:\s*"([^"]+)"/m.exec(file.text)?.[1];
        return name === undefined ? [] : [[name, folderOf(path)] as const];
      }),
    );
  }

  get unread(): readonly Unread[] {
    return this.#modules.unread;
  }

  module(path: string): Module | null {
    return this.#modules.get(path);
  }

  /** The file of the tree that an import means; null for a package. `@/` and `~/` are taken as the usual aliases. */
  resolve(from: string, source: string): string | null {
    const folder = folderOf(from);
    if (source.startsWith('.')) return this.#existing(joined(folder, source));
    const alias = /^(?:[@~]\/|\$lib\/|[@~]\/?(?=src\/))(.*)$/.exec(source)?.[1];
    if (alias !== undefined) {
      const below = source.startsWith('$lib') ? ['src/lib/'] : ['src/', '', 'app/'];
      for (const parent of parents(folder))
        for (const start of below) {
          const found = this.#existing(joined(parent, start + alias));
          if (found !== null) return found;
        }
    }
    const [, name = source, rest = ''] = /^((?:@[^/]+\/)?[^/]+)\/?(.*)$/.exec(source) ?? [];
    const home = this.#packages.get(name);
    if (home === undefined) return null;
    return (
      ['', 'src/'].map((start) => this.#existing(joined(home, `${start}${rest}`))).find((each) => each != null) ?? null
    );
  }

  #existing(path: string | null): string | null {
    if (path === null) return null;
    // `./auth.js` is written for the `auth.ts` that it becomes
    const bases = /\.[mc]?jsx?$/.test(path) ? [path, path.replace(/\.[mc]?jsx?$/, '')] : [path];
    const found = bases.flatMap((base) => endings.map((ending) => base + ending));
    return found.find((each) => this.#modules.has(each)) ?? null;
  }

  /** What an exported name stands for, and in which file. An import of a package is returned as such. */
  export(
    path: string,
    name: string,
    depth = 0,
  ): { readonly module: Module; readonly binding: Binding } | External | null {
    const module = depth > deepest ? null : this.module(path);
    if (module === null) return null;
    const binding = module.exports.get(name);
    if (binding !== undefined) return this.follow(module, binding, depth + 1);
    for (const star of module.stars) {
      const next = this.resolve(path, star);
      const found = next === null ? null : this.export(next, name, depth + 1);
      if (found !== null) return found;
    }
    return null;
  }

  /** Through imports of local files, to the value itself or to the package that it comes from. */
  follow(
    module: Module,
    binding: Binding,
    depth = 0,
  ): { readonly module: Module; readonly binding: Binding } | External | null {
    if (binding.kind === 'import') {
      const path = this.resolve(module.file.path, binding.source);
      if (path === null) return { source: binding.source, name: binding.name };
      return binding.name === '*' ? null : this.export(path, binding.name, depth + 1);
    }
    if (binding.kind === 'value' && binding.node.type === 'Identifier' && depth < deepest) {
      const next = bindingOf(module, binding.node.name);
      return next === binding ? null : this.follow(module, next, depth + 1);
    }
    return { module, binding };
  }
}

function parents(folder: string): string[] {
  const parts = folder.split('/');
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join('/')), '.'];
}
