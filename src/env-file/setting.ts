import type { Secret } from '../core/secret.js';
import type { Assignment, Reading, Undecided } from './reading.js';

/** A file of a service, read into memory; a path for messages. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
  /** offset of the first byte that is not UTF-8, or null */
  readonly invalidAt: number | null;
}

/** Where something is set. */
export interface Place {
  readonly file: TextFile;
  readonly assignment: Assignment;
}

/** One variable as the service will see it. */
export interface Setting {
  readonly name: string;
  /** null where no file decides it: see `undecided` */
  readonly value: Secret | null;
  readonly undecided: Undecided | null;
  /** null: the process environment has it, and wins */
  readonly at: Place | null;
  /** assignments of the same name that lost, strongest first */
  readonly hidden: readonly Place[];
  /** references in it were replaced */
  readonly expanded: boolean;
}

export interface FileReading {
  readonly file: TextFile;
  readonly reading: Reading;
}

/** What a service will see of its files and the process environment. */
export interface Loaded {
  /** names that a file sets; by the spelling that the loader compares */
  readonly settings: ReadonlyMap<string, Setting>;
  readonly files: readonly FileReading[];
}

export type Environment = Readonly<Record<string, string | undefined>>;
