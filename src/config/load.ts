import { dirname, join, relative, resolve } from 'node:path';
import { usage } from '../core/errors.js';
import type { World } from '../world.js';
import type { Parsed, Source } from './parse.js';

/** What is needed to find the file. */
export type Reach = Pick<World, 'cwd'> & { readonly files: Pick<World['files'], 'read' | 'exists'> };

const fileName = 'lockstep.json';
/** bytes: more than a thousand targets take, and of a text that is nothing but brackets what memory can hold */
const largest = 262_144;

/**
 * The text of lockstep.json: the nearest from the current folder up to the repository's root (the folder with
 * `.git`), or the one that is named. Null when there is none; named and not there is a usage error.
 */
export async function findConfig({ cwd, files }: Reach, named?: string): Promise<Source | null> {
  if (named !== undefined) {
    const text = await files.read(resolve(cwd, named), largest);
    if (text === null) throw usage(`${named}: there is no such file`, 'give --config the path of a lockstep.json');
    return { name: named, text };
  }
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const path = join(folder, fileName);
    const text = await files.read(path, largest);
    if (text !== null) return { name: relative(cwd, path), text };
    if (folder === dirname(folder) || (await files.exists(join(folder, '.git')))) return null;
  }
}

/** The file, read and checked; its parser is loaded only when there is a file. Mistakes are in the answer. */
export async function loadConfig(reach: Reach, named?: string): Promise<Parsed | null> {
  const source = await findConfig(reach, named);
  if (source === null) return null;
  const { parseConfig } = await import('./parse.js');
  return parseConfig(source);
}
