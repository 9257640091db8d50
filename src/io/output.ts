import type { FileHandle } from 'node:fs/promises';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { Output } from '../world.js';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'is a folder, not a file',
  ENOTDIR: 'what should be a folder is a file',
  ENOSPC: 'no space left',
  EROFS: 'the file system is read-only',
  ELOOP: 'too many symbolic links',
};

export async function openOutput(file: string, how?: 'append'): Promise<Output> {
  const handle = await opened(file, how === 'append' ? 'a' : 'w').catch(told(file, Exit.usage));
  return {
    write: (text) => handle.appendFile(text).catch(told(file, Exit.unfinished)),
    close: () => handle.close().catch(told(file, Exit.unfinished)),
  };
}

async function opened(file: string, flags: string): Promise<FileHandle> {
  await mkdir(path.dirname(file), { recursive: true });
  return open(file, flags);
}

function told(file: string, exit: 2 | 3): (error: NodeJS.ErrnoException) => never {
  return ({ code = 'unknown' }) => {
    throw new LockstepError('unwritable', `${file}: ${reasons[code] ?? `cannot be written (${code})`}`, { exit });
  };
}
