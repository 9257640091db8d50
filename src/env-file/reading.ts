/** A stretch of a file's text: UTF-16 offsets, `end` excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a value is taken from where the file does not say it: the process environment, or what came earlier. */
export type Lookup = (name: string) => string | undefined;

/**
 * `NAME=value` as one loader reads it. Plain strings: this is the inside of the reader, and what leaves it is a
 * `Setting`, which holds a Secret.
 */
export interface Assignment {
  readonly name: string;
  /** null where the file alone does not decide it */
  readonly value: string | null;
  readonly nameAt: Span;
  /** the value as it is written, quotes included; what is left of its last line too where the loader cut it */
  readonly valueAt: Span;
  /**
   * why `value` is null: its loader would run a command, take it from the environment, replace references without end,
   * or do what is not modelled
   */
  readonly undecided?: Undecided;
  /** a reference was replaced */
  readonly expanded?: boolean;
}

export type Undecided = 'command' | 'inherited' | 'endless' | 'unmodelled';

/** Something in a file that its loader stumbles over. */
export interface Trouble {
  readonly at: number;
  readonly what: TroubleKind;
  /** the loader takes nothing of the file, or nothing from here on */
  readonly loses: 'line' | 'rest' | 'file';
}

export type TroubleKind =
  | 'not-utf-8'
  | 'unterminated-quote'
  | 'not-an-assignment'
  | 'name-with-space'
  | 'no-name'
  | 'impossible-name'
  | 'line-too-long'
  | 'too-many-words'
  | 'endless-expansion'
  | 'bad-reference'
  | 'runs-a-command';

/** A file as one loader reads it. Later assignments of a name win, in every loader. */
export interface Reading {
  readonly assignments: readonly Assignment[];
  readonly troubles: readonly Trouble[];
}

export type Read = (text: string, lookup: Lookup) => Reading;

export const nothing: Reading = { assignments: [], troubles: [] };

export function trouble(at: number, what: TroubleKind, loses: Trouble['loses']): Trouble {
  return { at, what, loses };
}
