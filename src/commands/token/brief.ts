import { optionsOf, plainFlags } from '../plain-flags.js';

export interface KnownFlags {
  /** with a value */
  readonly values: readonly string[];
  /** with a value, said again for another; more than one is left to the parser */
  readonly lists: readonly string[];
  /** without a value */
  readonly switches: readonly string[];
}

/** The options of a plain command line, as commander would give them; null where commander has to judge. */
export function briefOptions<O extends object>(args: readonly string[], known: KnownFlags, defaults: O): O | null {
  const flags = plainFlags(args, [...known.values, ...known.lists], known.switches);
  if (flags === null) return null;
  const options = Object.entries(flags).map(([name, value]) => [name, known.lists.includes(name) ? [value] : value]);
  return { ...defaults, ...optionsOf(Object.fromEntries(options)) };
}
