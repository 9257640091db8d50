import { resolve } from 'node:path';
import type { SeenFile } from '../../env-file/halves/service.js';
import { mendedBytes } from '../../env-file/mend.js';
import type { World } from '../../world.js';

/**
 * Mends files that can be mended without choosing a value: byte order mark, UTF-16, Windows line ends, permissions.
 * All of them or none. Returns a line for each file that has changed.
 */
export async function mend(files: readonly SeenFile[], world: Pick<World, 'cwd' | 'workspace'>): Promise<string[]> {
  const distinct = [...new Map(files.map((file) => [file.path, file])).values()];
  const plans = distinct.flatMap(({ path, found }) => {
    if (found.kind !== 'file' || found.linked) return [];
    const { bytes, done } = mendedBytes(found.bytes);
    const closed = (found.mode & 0o077) !== 0 ? ['made 0600'] : [];
    const what = [...done, ...closed];
    return what.length === 0 ? [] : [{ path, before: found.bytes, after: bytes, what }];
  });
  if (plans.length === 0) return [];
  const changes = plans.map(({ path, before, after }) => ({
    path: resolve(world.cwd, path),
    before,
    after,
    secret: true,
  }));
  const backups = await world.workspace.write(changes, world.cwd, false);
  return plans.map(
    ({ path, what }, i) =>
      `${path}: ${what.join(', ')}${backups[i] === undefined ? '' : `; the old file is kept beside it`}`,
  );
}
