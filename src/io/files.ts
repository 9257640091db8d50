import { readFile, stat } from 'node:fs/promises';
import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { Files } from '../world.js';

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
};
