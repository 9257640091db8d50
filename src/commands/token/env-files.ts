import { resolve } from 'node:path';
import { usage } from '../../core/errors.js';
import type { Found } from '../../core/material.js';
import { decode, largest, mostLines, withinLines } from '../../env-file/decode.js';
import type { LoaderName } from '../../env-file/loader.js';
import { loaderFor, loaderNames } from '../../env-file/loader.js';
import type { World } from '../../world.js';

/** The names under which a Better Auth server looks for its secrets. */
const secretNames = ['BETTER_AUTH_SECRETS', 'BETTER_AUTH_SECRET', 'AUTH_SECRET'];

const absent = {
  absent: 'there is no such file',
  folder: 'is a folder, not a file',
  special: 'is a pipe or a device, not a file',
  'too-large': `is larger than ${largest} bytes, which no env file is`,
} as const;

/** The secrets that an env file sets, and `name`, as a loader reads it; this process's own do not stand in for them. */
export async function readEnvFile(
  path: string,
  loader: string,
  world: World,
  name?: string,
): Promise<Readonly<Record<string, string>>> {
  const found = withinLines(await world.files.inspect(resolve(world.cwd, path), largest));
  if (found.kind !== 'file') throw usage(`--env-file ${path}: ${whyNot(found)}`);
  const names = name === undefined ? secretNames : [...secretNames, name];
  const env = Object.fromEntries(Object.entries(world.env).filter(([variable]) => !names.includes(variable)));
  const file = { path, ...decode(found.bytes) };
  const asked = names.map((variable) => variable.toLowerCase());
  const { settings } = loaderFor(known(loader)).load([file], env, (spelled) => asked.includes(spelled.toLowerCase()));
  return Object.fromEntries(
    names.flatMap((variable) => {
      // pydantic-settings compares names in lower case
      const value = (settings.get(variable) ?? settings.get(variable.toLowerCase()))?.value;
      return value === null || value === undefined ? [] : [[variable, value.reveal()]];
    }),
  );
}

function whyNot(found: Exclude<Found, { kind: 'file' }>): string {
  if (found.kind === 'unreadable') return found.why;
  if (found.kind === 'too-large' && found.inLines === true)
    return `has more than ${mostLines} lines, which no env file has`;
  return absent[found.kind];
}

/** The loader of a flag's value, or a usage error that lists them. */
export function known(loader: string): LoaderName {
  const found = loaderNames.find((name) => name === loader);
  if (found === undefined) throw usage(`--loader ${loader}: it is one of ${loaderNames.join(', ')}`);
  return found;
}
