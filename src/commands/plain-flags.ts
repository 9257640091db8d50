/**
 * The flags of a command line that has nothing but known long flags, each at most once, with their values in words of
 * their own; null for any other line, which is the parser's to judge. `values` name the flags that take one.
 */
export function plainFlags(
  args: readonly string[],
  values: readonly string[],
  switches: readonly string[],
): Record<string, string | true> | null {
  const flags: Record<string, string | true> = {};
  for (let i = 0; i < args.length; i++) {
    const name = /^--([a-z-]+)$/.exec(args[i] ?? '')?.[1];
    if (name === undefined || Object.hasOwn(flags, name)) return null;
    if (switches.includes(name)) {
      flags[name] = true;
      continue;
    }
    const value = args[++i];
    if (!values.includes(name) || value === undefined || value.startsWith('-')) return null;
    flags[name] = value;
  }
  return flags;
}

/** The flags by the names that commander gives options: `--frontend-loader` is `frontendLoader`. */
export function optionsOf<T>(flags: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(flags).map(([name, value]) => [optionName(name), value]));
}

/** The name that commander gives the option of a flag. */
export function optionName(flag: string): string {
  return flag.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
