import type { Lookup } from '../reading.js';

/** python-dotenv: `${NAME}` and `${NAME:-word}`, once, in any quotes; `$NAME` stays. */
export function interpolatePython(value: string, lookup: Lookup): string {
  return value.replace(
    /\$\{([^}:]*)(?::-([^}]*))?\}/g,
    (_, name: string, word: string | undefined) => lookup(name) ?? word ?? '',
  );
}
