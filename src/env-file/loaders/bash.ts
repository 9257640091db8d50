import { Allowance, longest } from '../expand/longest.js';
import type { Assignment, Lookup, Read, Reading, Span, Trouble } from '../reading.js';
import { nothing, trouble } from '../reading.js';
import type { Word } from './bash-word.js';
import { wordAt } from './bash-word.js';

/** After these, what the rest of the file does is not for a reader to know. */
const steering = new Set(
  '! . : [[ alias break builtin case cd command continue coproc declare disown do done elif else enable esac eval exec exit fi for function getopts hash if in let local mapfile popd printf pushd read readarray readonly return select set shift shopt source test then time trap typeset umask unalias unset until wait while { } ]]'.split(
    ' ',
  ),
);

/** Of a file, however few lines they stand on. */
const mostWords = 10_000;
const crowded: Reading = { ...nothing, troubles: [trouble(0, 'too-many-words', 'file')] };

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
  /** characters that references brought into the line that is being read */
  #referred = 0;
  readonly #allowance = new Allowance();
  #words = 0;

  constructor(text: string, lookup: Lookup) {
    this.#text = text;
    this.#lookup = lookup;
  }

  read(): Reading {
    if (this.#text.includes('\0')) this.#abandon(0, 'not-an-assignment');
    if (this.#assignments.length > mostWords) return crowded;
    while (this.#at < this.#text.length) {
      const line = this.#at;
      this.#referred = 0;
      const ending = this.#list();
      if (ending === 'crowded') return crowded;
      if (ending === 'unterminated-quote' || ending === 'not-an-assignment') {
        this.#pending = [];
        this.#troubles.push(trouble(line, ending, 'rest'));
        break;
      }
      this.#assignments.push(...this.#pending);
      this.#pending = [];
      if (ending === 'lost') this.#abandon(line, 'runs-a-command');
      if (this.#assignments.length > mostWords) return crowded;
    }
    return { assignments: this.#assignments, troubles: this.#troubles };
  }

  /** Commands up to the end of a line, or of the lines that `&&` joins. */
  #list(): 'done' | 'lost' | 'unterminated-quote' | 'not-an-assignment' | 'crowded' {
    // of the commands that `&&` joins, which a `&` behind them puts into the background together
    let from = 0;
    let back: (() => void)[] = [];
    for (let joined = false; ; ) {
      if (!joined) [from, back] = [this.#pending.length, []];
      const words: Word[] = [];
      const assigned: Assignment[] = [];
      const undo: (() => void)[] = [];
      let separator = this.#separator();
      while (separator === null) {
        const word = wordAt(this.#text, this.#at, this.#value, words.length === assigned.length);
        if (word === null) return 'unterminated-quote';
        if (word.bad) return 'lost';
        this.#words += 1;
        if (this.#words > mostWords) return 'crowded';
        words.push(word);
        if (word.assigned !== null) {
          const assignment = this.#resolve(word.assigned);
          assigned.push(assignment);
          // `A=1 B=$A` assigns from left to right; what `export` is given is expanded before it runs
          if (words[0]?.plain !== 'export') undo.push(this.#set(assignment));
        }
        this.#at = word.end;
        separator = this.#separator();
      }
      if (separator === 'meta') return 'lost';
      if (words.length === 0 && separator !== '\n') return 'lost';
      if (words.length === 0 && joined) {
        if (this.#at > this.#text.length) return 'not-an-assignment';
        continue;
      }
      const ran = this.#run(words, separator);
      if (ran === 'lost') return 'lost';
      if (ran === 'assigned') {
        back.push(...undo, ...assigned.map((assignment) => this.#set(assignment)));
        this.#pending.push(...assigned);
      } else {
        for (const each of undo.reverse()) each();
      }
      if (separator === '&') {
        for (const each of back.reverse()) each();
        this.#pending.length = from;
      }
      if (separator === '\n') return 'done';
      joined = separator === '&&';
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

  /** What a command comes to: assignments that stay, none, or that the rest cannot be known. */
  #run(words: readonly Word[], separator: string): 'assigned' | 'nothing' | 'lost' {
    const [first] = words;
    if (first === undefined) return 'nothing';
    const command = words.find(({ assigned }) => assigned === null);
    if (command?.plain === 'export' && command === first) return this.#exports(words.slice(1), separator);
    if (command?.plain === 'export') return 'lost';
    if (command === undefined && separator !== '&') return 'assigned';
    this.#troubles.push(trouble(first.start, 'runs-a-command', 'line'));
    // whether what comes after `&&` runs is up to the command
    if (separator === '&&') return 'lost';
    const steers = command !== undefined && (command.plain === null || steering.has(command.plain));
    return steers ? 'lost' : 'nothing';
  }

  #exports(given: readonly Word[], separator: string): 'assigned' | 'nothing' | 'lost' {
    if (separator === '&') return 'nothing';
    const known = given.every(({ start, end, assigned, plain }) => {
      // braces are expanded in what a command is given
      if (/\{.*(,|\.\.)/s.test(this.#text.slice(start, end))) return false;
      return assigned !== null || (plain !== null && !plain.startsWith('-'));
    });
    return known ? 'assigned' : 'lost';
  }

  #resolve(assigned: NonNullable<Word['assigned']>): Assignment {
    const { name, append, undecided, nameAt, valueAt, expanded } = assigned;
    const old = append ? (this.#value(name) ?? '') : '';
    const value = assigned.value === null || old === null ? null : old + assigned.value;
    return {
      name,
      value,
      nameAt,
      valueAt,
      expanded,
      ...(value === null ? { undecided: this.#endless ? 'endless' : (undecided ?? 'command') } : {}),
    };
  }

  /** Returns what takes it back. */
  #set({ name, value }: Assignment): () => void {
    const there = this.#values.has(name);
    const before = this.#values.get(name) ?? null;
    this.#values.set(name, value);
    return () => (there ? this.#values.set(name, before) : this.#values.delete(name));
  }

  /** null: set, to something that is not known, or to more than anybody keeps */
  readonly #value = (name: string): string | null | undefined => {
    const value = this.#values.has(name) ? this.#values.get(name) : this.#lookup(name);
    this.#referred += this.#allowance.take(value?.length ?? 0) ? (value?.length ?? 0) : longest + 1;
    return this.#endless ? null : value;
  };

  get #endless(): boolean {
    return this.#referred > longest;
  }

  /** What follows may set anything: whatever looks like an assignment is left undecided. */
  #abandon(at: number, what: Trouble['what']): void {
    this.#troubles.push(trouble(at, what, 'rest'));
    const rest = this.#text.slice(at).replaceAll('\\\n', '');
    const span: Span = { start: at, end: at };
    const names = new Set<string>();
    for (const [, name = ''] of rest.matchAll(/(?<![A-Za-z0-9_])([A-Za-z_][A-Za-z0-9_]*)(?:\[[^\]\n]{0,99}\])?\+?=/g)) {
      if (names.has(name)) continue;
      if (names.size > mostWords) break;
      names.add(name);
      this.#assignments.push({ name, value: null, nameAt: span, valueAt: span, undecided: 'unmodelled' });
    }
    this.#at = this.#text.length;
  }
}
