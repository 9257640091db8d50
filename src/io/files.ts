import { constants } from 'node:fs';
import { lstat, open, readFile, stat } from 'node:fs/promises';
import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { Files, Inspected } from '../world.js';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'is a folder, not a file',
  ELOOP: 'too many symbolic links',
};

export const files: Files = {
  async read(path) {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return null;
      throw new LockstepError('unreadable', `${path}: ${reasons[code] ?? `cannot be read (${code})`}`, {
        exit: Exit.usage,
      });
    }
  },
  async exists(path) {
    return stat(path).then(
      () => true,
      () => false,
    );
  },
  async inspect(path, most) {
    try {
      const linked = (await lstat(path)).isSymbolicLink();
      // a pipe or a device is not opened: that would wait, or act
      const found = await stat(path);
      if (found.isDirectory()) return { kind: 'folder' };
      if (!found.isFile()) return { kind: 'special' };
      if (found.size > most) return { kind: 'too-large', size: found.size };
      return { kind: 'file', bytes: await bytesOf(path, most), mode: found.mode & 0o777, linked };
    } catch (error) {
      return unreadable(error as NodeJS.ErrnoException);
    }
  },
};

/** At most so many bytes, whatever the file has become since it was looked at. */
async function bytesOf(path: string, most: number): Promise<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const bytes = Buffer.alloc(Math.min(most, (await file.stat()).size));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function unreadable({ code = 'unknown' }: NodeJS.ErrnoException): Inspected {
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
  return { kind: 'unreadable', why: reasons[code] ?? `cannot be read (${code})` };
}
