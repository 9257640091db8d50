import { Grown } from '../grown.js';
import type { Undecided } from '../reading.js';
import { closing, closingBacktick } from './bash-command.js';

/** null: set, to something that is not known; undefined: not set */
export type Values = (name: string) => string | null | undefined;

const variable = /[A-Za-z_][A-Za-z0-9_]*/y;
/** a `${` that bash knows at all; after any other it gives up the file */
const sound = /\{[#!]?(?:[A-Za-z_]\w*|\d+|[@*#?$!-])(?:\[[^\]]*\])?(?:[-:+=?#%/^,@]|\})/y;
/** characters that stand for themselves: taken together, for a text that grows by one at a time is a list of them */
const unquoted = /[^ \t\n&;|<>()~'"\\$`]+/y;
const quoted = /[^"\\$`]+/y;
const simple = /\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-+])([^"'`$\\{}]*))?\}/y;

/** Reads from `start` to where the word ends, quotes, escapes, tildes and references resolved. */
export class BashValue {
  readonly value = new Grown();
  end: number;
  undecided: Undecided | null = null;
  expanded = false;
  /** a reference that bash does not understand */
  bad = false;
  /** quotes, references or escapes were seen */
  special = false;
  readonly #text: string;
  readonly #values: Values;
  readonly #tildes: boolean;
  /** where the last escaped character ends */
  #escaped = -1;

  constructor(text: string, start: number, values: Values, tildes: boolean) {
    this.#text = text;
    this.end = start;
    this.#values = values;
    this.#tildes = tildes;
  }

  /** false where a quote is not closed */
  run(): boolean {
    const text = this.#text;
    const start = this.end;
    while (this.end < text.length) {
      const here = text.charAt(this.end);
      if (' \t\n&;|<>()'.includes(here)) return true;
      if (here === '~' && this.#tildes && this.#leads(start)) this.#tilde();
      else if (here === "'") {
        const close = text.indexOf("'", this.end + 1);
        if (close === -1) return false;
        this.special = true;
        this.value.add(text.slice(this.end + 1, close));
        this.end = close + 1;
      } else if (here === '"') {
        if (!this.#double()) return false;
      } else if (here === '\\') this.#escape();
      else if (here === '$' || here === '`') {
        if (!this.#reference(false)) return false;
      } else this.#plain(unquoted);
    }
    return true;
  }

  /** Whether a tilde that stands here begins a path: first of all, or after a colon that is none by a backslash. */
  #leads(start: number): boolean {
    if (this.end === start) return true;
    if (this.#text.startsWith('\\\n', this.end - 2)) this.#leave('unmodelled');
    return this.#text[this.end - 1] === ':' && this.#escaped !== this.end;
  }

  /** A run of what the expression takes, or one character that it does not. */
  #plain(run: RegExp): void {
    run.lastIndex = this.end;
    const end = run.test(this.#text) ? run.lastIndex : this.end + 1;
    this.value.add(this.#text.slice(this.end, end));
    this.end = end;
  }

  #escape(): void {
    this.special = true;
    const next = this.#text.charAt(this.end + 1);
    // at the very end of the file it depends on what else is quoted whether the backslash stays
    if (next === '') this.#leave('unmodelled');
    else if (next !== '\n') this.value.add(next);
    this.end += 2;
    if (this.end > this.#text.length) this.end = this.#text.length;
    this.#escaped = this.end;
  }

  #double(): boolean {
    const text = this.#text;
    this.special = true;
    for (this.end += 1; this.end < text.length; ) {
      const here = text.charAt(this.end);
      if (here === '"') {
        this.end += 1;
        return true;
      }
      if (here === '\\') {
        const next = text.charAt(this.end + 1);
        if (next !== '\n') this.value.add('$`"\\'.includes(next) ? next : `\\${next}`);
        this.end += 2;
      } else if (here === '$' || here === '`') {
        if (!this.#reference(true)) return false;
      } else this.#plain(quoted);
    }
    return false;
  }

  #tilde(): void {
    const rest = /[^/: \t\n&;|<>()]*/y;
    rest.lastIndex = this.end + 1;
    const user = rest.exec(this.#text)?.[0] ?? '';
    this.special = true;
    this.end += 1;
    const home = user === '' ? this.#values('HOME') : undefined;
    if (typeof home === 'string') this.value.add(home);
    else this.#leave('unmodelled');
    this.expanded = true;
  }

  /** A dollar or a backtick, and what belongs to it. False where that is not closed. */
  #reference(quoted: boolean): boolean {
    const text = this.#text;
    this.special = true;
    if (text[this.end] === '`') return this.#command(closingBacktick(text, this.end));
    // the line may go on right behind the dollar
    while (text.startsWith('\\\n', this.end + 1)) this.end += 2;
    const next = text.charAt(this.end + 1);
    if (next === '(') return this.#command(closing(text, this.end + 1));
    if (next === '{') return this.#braced();
    if (next === '[') return this.#arithmetic();
    if (!quoted && next === "'") {
      this.#leave('unmodelled');
      this.end += 1;
      return true;
    }
    if (!quoted && next === '"') {
      this.end += 1;
      return this.#double();
    }
    if (/[1-9@*]/.test(next)) {
      this.expanded = true;
      this.end += 2;
    } else if (/[0#?$!-]/.test(next) && next !== '') {
      this.#leave('unmodelled');
      this.end += 2;
    } else {
      variable.lastIndex = this.end + 1;
      const name = variable.exec(text)?.[0];
      if (name === undefined) {
        this.value.add('$');
        this.end += 1;
      } else {
        this.#substitute(name, '', '');
        this.end += 1 + name.length;
        // a continued line may continue the name
        if (text.startsWith('\\\n', this.end)) this.#leave('unmodelled');
      }
    }
    return true;
  }

  #braced(): boolean {
    simple.lastIndex = this.end + 1;
    const match = simple.exec(this.#text);
    if (match !== null) {
      this.#substitute(match[1] as string, match[2] ?? '', match[3] ?? '');
      this.end += 1 + match[0].length;
      return true;
    }
    const close = this.#text.indexOf('}', this.end);
    if (close === -1) return false;
    sound.lastIndex = this.end + 1;
    if (!sound.test(this.#text)) this.bad = true;
    this.#leave('unmodelled');
    this.end = close + 1;
    return true;
  }

  /** `$[1+1]`, the old form of `$((1+1))`: what is no sum ends the file, and what is one sets names too. */
  #arithmetic(): boolean {
    const close = this.#text.indexOf(']', this.end);
    this.bad = true;
    this.end = close + 1;
    return close !== -1;
  }

  #substitute(name: string, operator: string, word: string): void {
    const value = name === '_' ? null : this.#values(name);
    this.expanded = true;
    if (value === null || /[~\n]/.test(word)) {
      this.#leave('unmodelled');
      return;
    }
    const there = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
    if (operator.endsWith('+')) this.value.add(there ? word : '');
    else this.value.add(there ? (value ?? '') : word);
  }

  #command(close: number): boolean {
    if (close === -1) return false;
    this.#leave('command');
    this.end = close + 1;
    return true;
  }

  #leave(undecided: Undecided): void {
    if (this.undecided !== 'command') this.undecided = undecided;
  }
}
