import { constants } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { LockstepError, refused } from '../../core/errors.js';
import { Exit } from '../../core/exit.js';
import { versionOf } from './disk.js';

/** An env file is a page of text; what is larger is something else. */
const largest = 1024 * 1024;

/** A file as it was found. */
export interface Seen {
  /** where it really is: `path` itself unless a link was followed */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** tells this state from any other, as `disk.version` does */
  readonly version: string;
}

/**
 * A regular file of at most 1 MiB, or null when nothing is there. A symbolic link, in the path below `root` or as
 * the file itself, is refused unless `follow`; a folder, a pipe or a device always is.
 */
export async function look(path: string, root: string, follow: boolean): Promise<Seen | null> {
  const real = await locate(path, root, follow);
  const stat = await lstat(real).catch(absent);
  if (stat === null) return null;
  // before it is opened: opening a pipe waits, opening a device acts
  if (!stat.isFile()) throw unfit(path, stat.isDirectory() ? 'is a folder, not a file' : 'is not a regular file');
  if (stat.size > largest) throw unfit(path, `has ${stat.size} bytes; ${largest} is the most that is read`);
  const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(told(path));
  try {
    const bytes = await file.readFile();
    const now = await file.stat({ bigint: true });
    const [mode, uid, gid] = [now.mode, now.uid, now.gid].map(Number) as [number, number, number];
    return { path: real, bytes, mode: mode & 0o7777, uid, gid, version: versionOf(now) };
  } finally {
    await file.close();
  }
}

/** Where a path really leads. The file may be yet to be made, its folder not. */
export async function locate(path: string, root: string, follow: boolean): Promise<string> {
  const folder = dirname(path);
  const [realRoot, realFolder] = await Promise.all([realpath(root), realpath(folder)]).catch(told(folder));
  if (!follow && realFolder !== resolve(realRoot, relative(root, folder))) throw linked(folder);
  const place = join(realFolder, basename(path));
  const stat = await lstat(place).catch(absent);
  if (stat?.isSymbolicLink() !== true) return place;
  if (!follow) throw linked(path);
  return realpath(place).catch(told(path));
}

/** The system's reason in words; the one place that knows its codes. */
export function told(path: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    const { code, path: culprit = path } = error;
    if (code === undefined) throw error;
    throw new LockstepError('cannot-write', `${culprit}: ${reasons[code] ?? code}`, { exit: Exit.unfinished });
  };
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the disk reports an error',
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'is a folder, not a file',
  ELOOP: 'too many symbolic links',
};

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

function unfit(path: string, what: string): LockstepError {
  return new LockstepError('unfit-file', `${path} ${what}`, { exit: Exit.usage });
}

function linked(path: string): LockstepError {
  return refused('symlink', `${path} is a symbolic link`, 'pass --follow to change the file that it leads to');
}
