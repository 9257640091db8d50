import { chmod, lstat, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { LockstepError } from '../../core/errors.js';
import { Exit } from '../../core/exit.js';
import type { World } from '../../world.js';

/** Where journals lie: LOCKSTEP_STATE_DIR, else by the XDG base directories, where a relative path counts as none. */
export function journalFolder(env: World['env']): string {
  const { LOCKSTEP_STATE_DIR: own = '', XDG_STATE_HOME: xdg = '' } = env;
  const state = own !== '' ? own : join(isAbsolute(xdg) ? xdg : join(homedir(), '.local', 'state'), 'lockstep');
  return join(state, 'runs');
}

/** Makes the folder so that only its owner can enter it (0700), also where it was there and more open. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(unwritable(folder));
  const stat = await lstat(folder).catch(unwritable(folder));
  const foreign = process.getuid !== undefined && stat.uid !== process.getuid();
  if (!stat.isDirectory() || foreign) {
    throw cannot(folder, foreign ? 'it belongs to somebody else' : 'it is no folder');
  }
  if ((stat.mode & 0o077) !== 0) await chmod(folder, 0o700).catch(unwritable(folder));
}

/** For what the system says when a journal cannot be written: then nothing may be made. */
export function unwritable(place: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    if (error.code === undefined) throw error;
    throw cannot(place, reasons[error.code] ?? error.code);
  };
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the disk',
  EIO: 'the disk reports an error',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'it is no folder',
  ENOTDIR: 'a part of the path is not a folder',
  ENOENT: 'it cannot be made there',
};

function cannot(place: string, why: string): LockstepError {
  return new LockstepError(
    'no-journal',
    `nothing is made on a deployment that is not on record first, and ${place} cannot be written: ${why}. LOCKSTEP_STATE_DIR names another folder`,
    { exit: Exit.unfinished },
  );
}
