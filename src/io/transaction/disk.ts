import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import { chmod, copyFile, link, lstat, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { killPoint } from '../kill-point.js';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

/** What a new file gets besides its bytes; `null` leaves it to the process. */
export interface Dress {
  /** permission bits at creation, cut by the umask */
  readonly mode: number;
  /** permission bits set afterwards, whatever the umask says */
  readonly exactly: number | null;
  readonly owner: { readonly uid: number; readonly gid: number } | null;
}

/** Every act of a transaction on the disk. Each is a kill point, so new code is covered by the tests as it is. */
export const disk = {
  /** a new file, its bytes on the platter when this returns; throws EEXIST where anything is there, a link too */
  async create(path: string, bytes: Uint8Array | ((stamp: string) => Uint8Array), dress: Dress): Promise<void> {
    killPoint('create');
    const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, dress.mode);
    try {
      const stat = await file.stat({ bigint: true });
      const { owner } = dress;
      if (owner !== null && (Number(stat.uid) !== owner.uid || Number(stat.gid) !== owner.gid)) {
        killPoint('chown');
        await file.chown(owner.uid, owner.gid);
      }
      if (dress.exactly !== null) {
        killPoint('chmod');
        await file.chmod(dress.exactly);
      }
      killPoint('write');
      await file.writeFile(typeof bytes === 'function' ? bytes(`${stat.dev}:${stat.ino}`) : bytes);
      killPoint('sync');
      await file.sync();
    } finally {
      await file.close();
    }
  },

  /** a second name for a file; a private copy where the file system knows no links */
  async keep(path: string, as: string): Promise<void> {
    killPoint('keep');
    try {
      await link(path, as);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST' || code === 'ENOENT') throw error;
      await copyFile(path, as, constants.COPYFILE_EXCL);
      await chmod(as, 0o600);
    }
  },

  async rename(from: string, to: string): Promise<void> {
    killPoint('rename');
    await rename(from, to);
  },

  async chmod(path: string, mode: number): Promise<void> {
    killPoint('chmod');
    await chmod(path, mode);
  },

  /** removes a file; nothing happens where there is none */
  async remove(path: string): Promise<void> {
    killPoint('remove');
    await unlink(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  },

  /** makes names durable: of the folders that hold these files */
  async syncFolders(paths: readonly string[]): Promise<void> {
    for (const folder of new Set(paths.map((path) => dirname(path)))) {
      killPoint('sync-folder');
      const handle = await open(folder, constants.O_RDONLY).catch(() => null);
      try {
        await handle?.sync();
      } catch (error) {
        // not every file system can: then the names are as durable as it makes them
        if (['EIO', 'ENOSPC'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      } finally {
        await handle?.close();
      }
    }
  },

  async exists(path: string): Promise<boolean> {
    return lstat(path).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
        throw error;
      },
    );
  },

  /** tells one state of a file from any other without its content: null where nothing is */
  async version(path: string): Promise<string | null> {
    try {
      return versionOf(await lstat(path, { bigint: true }));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  },
};

export function versionOf({ dev, ino, size, mtimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${size}:${mtimeNs}`;
}
