import type { Command as Commander } from 'commander';
import type { ExitCode } from '../core/exit.js';
import type { Redactor } from '../core/redact.js';
import type { World } from '../world.js';

/** What a command is handed: its options and arguments, parsed by its own declaration, and the world. */
export interface Call<O> {
  readonly options: O;
  readonly args: readonly string[];
  readonly world: World;
  /** what it learns here is taken out of everything that is printed from now on */
  readonly redactor: Redactor;
  /** every command, for one that speaks of the others */
  readonly commands: readonly Entry[];
}

/** One command: what it takes, and a straight line from there to an exit code. */
export interface Command<O = Record<string, unknown>> {
  /** the options of a command line so plain that no parser is needed; null: let the parser judge */
  brief?(args: readonly string[]): O | null;
  /** declares arguments, options and examples */
  declare(commander: Commander): void;
  run(call: Call<O>): Promise<ExitCode>;
}

export function defineCommand<O>(command: Command<O>): Command<O> {
  return command;
}

/** A line of the list of commands; its module is loaded when it is asked for. */
export interface Entry {
  readonly name: string;
  readonly summary: string;
  /** the command reads its plain command lines itself, and then commander is not loaded */
  readonly brief?: true;
  // biome-ignore lint/suspicious/noExplicitAny: each command knows its own options
  readonly load?: () => Promise<{ default: Command<any> }>;
  /** `migrate up`, `migrate down`: a command that is only a group of commands */
  readonly verbs?: readonly Entry[];
}

/** Help is written for this width, and folded only where there is less room. */
export const helpColumns = 80;
