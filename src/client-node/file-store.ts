import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parse } from '../client/store/browser.js';
import type { CredentialStore, StoredCredential } from '../client/store/store.js';

export interface FileStoreOptions {
  /** milliseconds after which a lock is taken for one that a dead process left; longer than any refresh */
  readonly staleLock?: number;
  /** milliseconds between two looks at the lock, or at the file for other processes' changes */
  readonly interval?: number;
}

/**
 * Keeps the credential in a file (mode 0600, replaced atomically), so that several processes on one machine share one
 * session: one of them refreshes, under a lock file beside it, and the others take what it got.
 */
export function fileStore(path: string, { staleLock = 40_000, interval = 50 }: FileStoreOptions = {}): CredentialStore {
  const lock = `${path}.lock`;
  const read = () => {
    try {
      return parse(readFileSync(path, 'utf8'));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  };
  let own: string | null = null;

  return {
    read,
    write(credential) {
      own = JSON.stringify(credential);
      mkdirSync(dirname(path), { recursive: true });
      if (!credential) {
        rmSync(path, { force: true });
        return;
      }
      const draft = `${path}.${process.pid}.${randomUUID()}`;
      writeFileSync(draft, own, { mode: 0o600, flag: 'wx' });
      chmodSync(draft, 0o600);
      renameSync(draft, path);
    },
    subscribe(listener) {
      let last = JSON.stringify(read());
      const look = () => {
        let stored: StoredCredential | null;
        try {
          stored = read();
        } catch {
          return;
        }
        const text = JSON.stringify(stored);
        if (text === last) return;
        last = text;
        if (text !== own) listener(stored);
      };
      // `watchFile` looks at the file for the first time at some moment after this one, and never tells of a change before that
      const looking = setInterval(look, interval);
      looking.unref();
      return () => clearInterval(looking);
    },
    async exclusively(signal, work) {
      mkdirSync(dirname(path), { recursive: true });
      const mark = `${process.pid} ${randomUUID()}`;
      while (!(await take(lock, mark))) {
        signal.throwIfAborted();
        await breakStale(lock, staleLock);
        await new Promise((wake) => setTimeout(wake, interval));
      }
      try {
        signal.throwIfAborted();
        return await work();
      } finally {
        // only ours: it may have been broken and taken by another
        if ((await contents(lock)) === mark) await rm(lock, { force: true });
      }
    },
  };
}

/** True when the lock is ours now; exclusive creation is the one atomic step that every file system has. */
async function take(lock: string, mark: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx', 0o600);
    await file.writeFile(mark);
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function breakStale(lock: string, staleLock: number): Promise<void> {
  try {
    const before = await contents(lock);
    const { mtimeMs } = await stat(lock);
    const dead = before !== null && before !== '' && !isAlive(Number.parseInt(before, 10));
    // looked at twice: between the two looks the holder may have left and another one come
    if ((dead || Date.now() - mtimeMs > staleLock) && (await contents(lock)) === before)
      await rm(lock, { force: true });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

async function contents(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
