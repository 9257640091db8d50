import type { SourceFile, Unread } from '../core/source-tree.js';

/** Characters of a file that is parsed. Hardly any that a person wrote is longer. */
export const largest = 128 * 1024;
/** Characters of the files whose parsed form is held: it takes thirty to two hundred times their memory. */
const mostHeld = 64 * 1024;
/** Characters that are parsed in all, some of them again: some ten seconds. */
const mostParsed = 16 * 1024 * 1024;

/** Sets up or verifies: a file that does so is missed, however long it is. */
const weighty = /\bbetterAuth\s*\(|\b(jwtVerify|createVerifier|expressjwt)\s*\(|\bjwt\.(verify|decode)\s*\(/;

export const minified = 'is minified';

/** Code that no person wrote: parsing it takes seconds and tells nothing. */
export function isMinified(text: string): boolean {
  return text.split('\n').some((line) => line.length > 20_000);
}

/** The parsed files of a tree: each is parsed when it is asked for, and the last ones are held. */
export class Held<T> {
  readonly unread: Unread[] = [];
  readonly #files: ReadonlyMap<string, SourceFile>;
  readonly #parse: (file: SourceFile) => T | string;
  /** the longest unused first */
  readonly #held = new Map<string, { readonly value: T; readonly size: number }>();
  readonly #unreadable = new Set<string>();
  #size = 0;
  #parsed = 0;

  /** `parse` gives why a file cannot be read where it cannot. */
  constructor(files: readonly SourceFile[], parse: (file: SourceFile) => T | string) {
    this.#files = new Map(files.map((file) => [file.path, file]));
    this.#parse = parse;
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  /** Null where there is no such file, or it cannot be read: then `unread` says why. */
  get(path: string): T | null {
    const known = this.#held.get(path);
    if (known !== undefined) {
      this.#held.delete(path);
      this.#held.set(path, known);
      return known.value;
    }
    const file = this.#files.get(path);
    if (file === undefined || this.#unreadable.has(path)) return null;
    const { text } = file;
    const value = this.#read({ path, text });
    if (value === null) this.#unreadable.add(path);
    else this.#hold(path, { value, size: text.length });
    return value;
  }

  #read(file: SourceFile): T | null {
    const { path, text } = file;
    if (text.length > largest) {
      const large = `is larger than 128 KiB${weighty.test(text) ? ', and sets up Better Auth or verifies tokens' : ''}`;
      this.unread.push({ path, why: isMinified(text) ? minified : large });
      return null;
    }
    if (this.#parsed + text.length > mostParsed) {
      if (this.#parsed < mostParsed)
        this.unread.push({ path: '.', why: 'says too much of tokens and secrets: the rest was not looked at' });
      this.#parsed = mostParsed;
      return null;
    }
    this.#parsed += text.length;
    const value = this.#parse(file);
    if (typeof value !== 'string') return value;
    this.unread.push({ path, why: value });
    return null;
  }

  #hold(path: string, held: { readonly value: T; readonly size: number }): void {
    this.#held.set(path, held);
    this.#size += held.size;
    for (const [oldest, { size }] of this.#held) {
      if (this.#size <= mostHeld || oldest === path) return;
      this.#held.delete(oldest);
      this.#size -= size;
    }
  }
}

/** The same, with no text in it that is a piece of a file: such a piece keeps the whole file in memory. */
export function detached<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
