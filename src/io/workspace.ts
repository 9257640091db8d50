import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import type { Workspace } from '../world.js';
import { journals } from './transaction/journal.js';
import { look, told } from './transaction/look.js';
import { settle, write } from './transaction/transaction.js';

/** The files of the real disk, as they are changed. */
export function createWorkspace(now: () => number, interrupted: AbortSignal): Workspace {
  const ground = (root: string) => ({ root, now: now(), id: `${process.pid}-${randomBytes(4).toString('hex')}` });
  return {
    look: async (path, root, follow) => (await look(path, root, follow))?.bytes ?? null,
    names: (folder) =>
      readdir(folder).catch((error: NodeJS.ErrnoException) =>
        error.code === 'ENOENT' || error.code === 'ENOTDIR' ? [] : told(folder)(error),
      ),
    write: (changes, root, follow) => write(changes, ground(root), { follow, interrupted }),
    unsettled: async (root) => (await journals(root, now())).length > 0,
    settle: (root) => settle(ground(root)),
  };
}
