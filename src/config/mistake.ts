import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';

/** Where a setting was written, or that nobody wrote it. Lines and columns count from 1, columns in UTF-16 units. */
export type Origin =
  | { readonly kind: 'flag'; readonly flag: string }
  | { readonly kind: 'env'; readonly variable: string }
  /** `variable` is the one that the file names there */
  | {
      readonly kind: 'file';
      readonly file: string;
      readonly line: number;
      readonly column: number;
      readonly variable?: string;
    }
  /** `from` says what it was made from, where that is another setting */
  | { readonly kind: 'default'; readonly from?: string };

/** `--auth`, `LOCKSTEP_AUTH`, `lockstep.json:4:7`, `lockstep.json:6:19, from DATABASE_URL`, `default`, `default, from api` */
export function originText(origin: Origin): string {
  switch (origin.kind) {
    case 'flag':
      return origin.flag;
    case 'env':
      return origin.variable;
    case 'file':
      return from(`${origin.file}:${origin.line}:${origin.column}`, origin.variable);
    case 'default':
      return from('default', origin.from);
  }
}

function from(place: string, source: string | undefined): string {
  return source === undefined ? place : `${place}, from ${source}`;
}

/** One thing that is wrong with the settings. No part of it ever quotes a value: a value may be a secret. */
export interface Mistake {
  readonly origin: Origin;
  readonly text: string;
  readonly hint?: string;
  /** the line of the file with a caret below it, values masked; two lines */
  readonly excerpt?: string;
}

/** The settings are wrong. Exit 2; the message lists every mistake, each with its place. */
export class ConfigError extends LockstepError {
  override readonly name = 'ConfigError';
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    const [first] = mistakes;
    const alone = mistakes.length === 1 ? first?.hint : undefined;
    // a mistake of the command line alone is a usage error, and its hint is the hint
    const code = mistakes.some(({ origin }) => origin.kind === 'file') ? 'config' : 'usage';
    super(code, listed(mistakes), { exit: Exit.usage, hint: alone });
    this.mistakes = mistakes;
  }
}

function listed(mistakes: readonly Mistake[]): string {
  const [only, ...others] = mistakes;
  if (only !== undefined && others.length === 0) return told(only);
  return [`${mistakes.length} mistakes in the settings`, ...mistakes.map((m) => told(m, m.hint))].join('\n');
}

function told({ origin, text, excerpt }: Mistake, hint?: string): string {
  const place = origin.kind === 'default' ? '' : `${originText(origin)}  `;
  const line = `${place}${text}${hint === undefined ? '' : `: ${hint}`}`;
  return excerpt === undefined ? line : `${line}\n${excerpt}`;
}
