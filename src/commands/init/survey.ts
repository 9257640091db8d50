import { resolve } from 'node:path';
import type { Folder } from '../../setup/detect.js';
import { foreign, telling } from '../../setup/detect.js';
import { within } from '../../setup/service.js';
import type { World } from '../../world.js';

/** As deep as `phaseIII/apps/web`, and no larger than a person's checkout. */
const deepest = 3;
const most = 500;

/** Looks at the folders of a checkout, near ones first, and reads the files that tell what they are. */
export async function survey(
  { workspace, files }: Pick<World, 'workspace' | 'files'>,
  root: string,
): Promise<Folder[]> {
  const folders: Folder[] = [];
  let level = ['.'];
  for (let depth = 0; depth <= deepest && level.length > 0 && folders.length < most; depth++) {
    const found = await Promise.all(
      level.slice(0, most - folders.length).map(async (dir): Promise<Folder> => {
        const names = [...(await workspace.names(resolve(root, dir)))].sort();
        const texts = names.filter(telling).map(async (name) => [name, await files.read(resolve(root, dir, name))]);
        return { dir, names, texts: Object.fromEntries(await Promise.all(texts)) };
      }),
    );
    folders.push(...found);
    // a name with a dot in it is a file, nearly always
    const below = (name: string) => !name.includes('.') && !foreign(name);
    level = found.flatMap(({ dir, names }) => names.filter(below).map((name) => within(dir, name)));
  }
  return folders;
}
