import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { Found } from '../core/material.js';
import type { Files } from '../world.js';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'is a folder, not a file',
  ELOOP: 'too many symbolic links',
};

// All at once and in place: these are a handful of small local files, and starting the thread pool would cost more
// than reading them.
export const files: Files = {
  async read(path) {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return null;
      throw new LockstepError('unreadable', `${path}: ${reasons[code] ?? `cannot be read (${code})`}`, {
        exit: Exit.usage,
      });
    }
  },
  async exists(path) {
    return existsSync(path);
  },
  async inspect(path, most) {
    try {
      const linked = lstatSync(path).isSymbolicLink();
      // a pipe or a device is not opened: that would wait, or act
      const found = statSync(path);
      if (found.isDirectory()) return { kind: 'folder' };
      if (!found.isFile()) return { kind: 'special' };
      if (found.size > most) return { kind: 'too-large', size: found.size };
      const bytes = bytesOf(path, most);
      return { kind: 'file', bytes, mode: found.mode & 0o777, linked, modified: Math.round(found.mtimeMs) };
    } catch (error) {
      return unreadable(error as NodeJS.ErrnoException);
    }
  },
};

/** At most so many bytes, whatever the file has become since it was looked at. */
function bytesOf(path: string, most: number): Uint8Array {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const bytes = Buffer.alloc(Math.min(most, fstatSync(file).size));
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, length);
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

function unreadable({ code = 'unknown' }: NodeJS.ErrnoException): Found {
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
  return { kind: 'unreadable', why: reasons[code] ?? `cannot be read (${code})` };
}
