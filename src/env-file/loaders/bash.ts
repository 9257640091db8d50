import type { Assignment, Lookup, Read, Reading, Span, Trouble } from '../reading.js';
import { trouble } from '../reading.js';
import type { Word } from './bash-word.js';
import { wordAt } from './bash-word.js';

/** After these, what the rest of the file does is not for a reader to know. */
const steering = new Set(
  '! . : [[ alias break builtin case cd command continue coproc declare disown do done elif else enable esac eval exec exit fi for function getopts hash if in let local mapfile popd printf pushd read readarray readonly return select set shift shopt source test then time trap typeset umask unalias unset until wait while { }'.split(
    ' ',
  ),
);

/**
 * `set -a; source FILE` in bash, as far as the file only assigns. Nothing is run: a value that depends on a command
 * is left undecided, and after anything that steers the shell the whole rest is.
 */
export const readBash: Read = (text, lookup) => new Script(text, lookup).read();

class Script {
  readonly #text: string;
  readonly #lookup: Lookup;
  readonly #values = new Map<string, string | null>();
  readonly #assignments: Assignment[] = [];
  readonly #troubles: Trouble[] = [];
  /** of the line that is being read: bash parses it whole before it runs any of it */
  #pending: Assignment[] = [];
  #at = 0;

  constructor(text: string, lookup: Lookup) {
    this.#text = text;
    this.#lookup = lookup;
  }

  read(): Reading {
    if (this.#text.includes('\0')) this.#abandon(0, 'not-an-assignment');
    while (this.#at < this.#text.length) {
      const line = this.#at;
      const ending = this.#list();
      if (ending === 'unterminated') {
        this.#pending = [];
        this.#troubles.push(trouble(line, 'unterminated-quote', 'rest'));
        break;
      }
      this.#assignments.push(...this.#pending);
      this.#pending = [];
      if (ending === 'lost') this.#abandon(line, 'runs-a-command');
    }
    return { assignments: this.#assignments, troubles: this.#troubles };
  }

  /** Commands up to the end of a line. */
  #list(): 'done' | 'lost' | 'unterminated' {
    for (;;) {
      const words: Word[] = [];
      let separator = this.#separator();
      while (separator === null) {
        const word = wordAt(this.#text, this.#at, this.#value);
        if (word === null) return 'unterminated';
        if (word.bad) return 'lost';
        words.push(word);
        this.#at = word.end;
        separator = this.#separator();
      }
      if (separator === 'meta') return 'lost';
      if (words.length === 0 && separator !== '\n') return 'lost';
      if (!this.#run(words, separator)) return 'lost';
      if (separator === '\n') return 'done';
    }
  }

  /** Passes blanks and a comment; the separator that stands here is passed too. Null where a word begins. */
  #separator(): '\n' | ';' | '&' | '&&' | 'meta' | null {
    const text = this.#text;
    while (text[this.#at] === ' ' || text[this.#at] === '\t' || text.startsWith('\\\n', this.#at)) {
      this.#at += text[this.#at] === '\\' ? 2 : 1;
    }
    if (text[this.#at] === '#') {
      const end = text.indexOf('\n', this.#at);
      this.#at = end === -1 ? text.length : end;
    }
    const here = text[this.#at];
    if (here === undefined || here === '\n') {
      this.#at += 1;
      return '\n';
    }
    if (!'&;|<>()'.includes(here)) return null;
    if (here !== '&' && here !== ';') return 'meta';
    if (text.startsWith('&&', this.#at)) {
      this.#at += 2;
      return '&&';
    }
    if ('&;|>'.includes(text.charAt(this.#at + 1)) && this.#at + 1 < text.length) return 'meta';
    this.#at += 1;
    return here;
  }

  /** False where what follows cannot be known. */
  #run(words: readonly Word[], separator: string): boolean {
    const [first] = words;
    if (first === undefined) return true;
    const assigning = words.filter(({ assigned }) => assigned !== null);
    const exporting = first.plain === 'export';
    // braces are expanded in what a command is given, and assignments to `export` are that
    if (exporting && words.some(({ start, end }) => /\{.*(,|\.\.)/s.test(this.#text.slice(start, end)))) return false;
    const onlyAssigns = exporting || assigning.length === words.length;
    if (separator === '&' || !onlyAssigns) {
      this.#troubles.push(trouble(first.start, 'runs-a-command', 'line'));
      const command = words.find(({ assigned }) => assigned === null);
      return separator !== '&&' && command !== undefined
        ? command.plain !== null && !steering.has(command.plain)
        : separator !== '&&';
    }
    if (
      exporting &&
      words.slice(1).some(({ assigned, plain }) => assigned === null && (plain === null || plain.startsWith('-')))
    ) {
      return false;
    }
    for (const { assigned } of assigning) if (assigned !== null) this.#assign(assigned);
    return true;
  }

  #assign(assigned: NonNullable<Word['assigned']>): void {
    const { name, append, undecided, nameAt, valueAt, expanded } = assigned;
    const before = append ? (this.#value(name) ?? '') : '';
    const value = assigned.value === null || before === null ? null : before + assigned.value;
    this.#values.set(name, value);
    this.#pending.push({
      name,
      value,
      nameAt,
      valueAt,
      expanded,
      ...(value === null ? { undecided: undecided ?? 'command' } : {}),
    });
  }

  /** null: set, to something that is not known */
  readonly #value = (name: string): string | null | undefined =>
    this.#values.has(name) ? this.#values.get(name) : this.#lookup(name);

  /** What follows may set anything: whatever looks like an assignment is left undecided. */
  #abandon(at: number, what: Trouble['what']): void {
    this.#troubles.push(trouble(at, what, 'rest'));
    for (const match of this.#text.slice(at).matchAll(/(?<![A-Za-z0-9_])([A-Za-z_][A-Za-z0-9_]*)\+?=/g)) {
      const name = match[1] as string;
      const start = at + match.index;
      const end = start + match[0].length;
      const span: Span = { start: end, end };
      this.#assignments.push({
        name,
        value: null,
        nameAt: { start, end: start + name.length },
        valueAt: span,
        undecided: 'unmodelled',
      });
    }
    this.#at = this.#text.length;
  }
}
