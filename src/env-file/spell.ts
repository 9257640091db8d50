import type { Dialects, LoaderName } from './loader.js';
import { loaderFor, loaderNames, newest } from './loader.js';

/**
 * How a value is written behind `NAME=` so that its loader reads it back exactly, in every release that is known. Of
 * the spellings that do, the one that most other loaders read alike; of equals, the plainest. Null where none does.
 *
 * The readers themselves are asked, so a rule is never written down twice; letters, digits, `-` and `_` need no asking.
 */
export function spell(value: string, loader: LoaderName): string | null {
  if (/^[\w-]+$/.test(value)) return value;
  let best: string | null = null;
  let most = 0;
  for (const spelled of new Set(spellings(value))) {
    if (!releases.every((dialect) => readBack(spelled, loader, dialect) === value)) continue;
    const alike = loaderNames.filter((name) => readBack(spelled, name, newest) === value).length;
    if (alike > most) [best, most] = [spelled, alike];
  }
  return best;
}

/** Every way in which the loaders that are in use read. */
export const releases: readonly Dialects[] = [newest, { node: 'classic', python: 'older', docker: 'kept' }];

function spellings(value: string): string[] {
  if (/[\r\n]/.test(value)) return [`"${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}"`, `"${value}"`];
  const dollars = value.replaceAll('$', '\\$');
  const inDouble = value.replaceAll(/[\\"]/g, '\\$&');
  const inSingle = value.replaceAll(/[\\']/g, '\\$&');
  return [
    // a quote at the beginning that is not closed would take in the lines below
    ...(/^['"`]/.test(value) ? [] : [value]),
    `'${value}'`,
    `"${value}"`,
    `'${dollars}'`,
    `"${dollars}"`,
    `"${inDouble}"`,
    `'${inSingle}'`,
    `"${value.replaceAll(/[\\"$`]/g, '\\$&')}"`,
    `'${value.replaceAll("'", "'\\''")}'`,
    `"${value.replaceAll('$', '$$$$')}"`,
    `\`${value}\``,
    `\`${dollars}\``,
  ];
}

function readBack(spelled: string, loader: LoaderName, dialect: Dialects): string | null {
  // a name that it does not refer to: what a reference to oneself becomes says nothing of another name
  let name = 'X';
  while (spelled.includes(name)) name += 'X';
  const file = { path: '', text: `${name}=${spelled}\n`, invalidAt: null };
  const { settings } = loaderFor(loader, dialect).load([file], {});
  // pydantic-settings compares names in small letters
  const only = [...settings.values()];
  return only.length === 1 ? (only[0]?.value?.reveal() ?? null) : null;
}
