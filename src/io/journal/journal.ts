import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry, Head, Line } from '../../core/journal.js';
import { note, spelled } from '../../core/journal.js';
import type { Journal } from '../../world.js';
import { killPoint } from '../kill-point.js';
import { makeFolder, unwritable } from './folder.js';

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

/** The file of a run, and the one in which it begins: only the first is ever read. */
export function fileOf(folder: string, run: string): string {
  return join(folder, `${run}.jsonl`);
}

export interface JournalOptions {
  readonly folder: string;
  readonly head: Head;
  /** what it holds already; null where it is yet to be made */
  readonly entries: readonly Entry[] | null;
  readonly now: () => number;
}

/** A journal on the disk. Lines are written one after the other; what announces something is synced before it is done. */
export function createJournal({ folder, head, entries, now }: JournalOptions): Journal {
  const path = fileOf(folder, head.run);
  const held = new Map((entries ?? []).map((entry) => [entry.n, entry]));
  let made = entries !== null;
  let last = Math.max(0, ...held.keys());
  let queue: Promise<void> = Promise.resolve();

  const write = (line: Line, sync: boolean): Promise<void> => {
    const text = spelled(line);
    const written = queue.then(async () => {
      if (!made) {
        await begin(path, `${spelled({ version: 1, ...head })}${text}`, folder);
        made = true;
      } else {
        await append(path, text, sync);
      }
      killPoint('journal-written');
      note(held, JSON.parse(text));
    });
    // a line that failed does not keep the next one from being written
    queue = written.catch(() => {});
    return written;
  };
  return {
    async enter(thing) {
      last += 1;
      const n = last;
      await write({ n, at: now(), made: thing }, true).catch(unwritable(path));
      return n;
    },
    // these only spare a later look: that they cannot be written is no reason to stop
    answered: (n, where) => write({ n, path: where }, false).catch(() => {}),
    gone: async (n) => {
      held.delete(n);
      await write({ n, gone: true }, false).catch(() => {});
    },
    remains: (n, why) => write({ n, remains: why }, false).catch(() => {}),
    open: () => [...held.values()],
    async close() {
      await queue;
      if (!made || held.size > 0) return;
      // where it stays it says that nothing is open, and the next cleanup takes it away
      await removed(path).catch(() => {});
    },
  };
}

async function removed(path: string): Promise<void> {
  killPoint('journal-remove');
  await unlink(path);
}

async function append(path: string, text: string, sync: boolean): Promise<void> {
  const file = await open(path, O_WRONLY | O_APPEND | O_NOFOLLOW);
  try {
    killPoint('journal-write');
    // after a line that was cut, the next one begins on its own
    await file.writeFile(`\n${text}`);
    if (sync) await synced(file);
  } finally {
    await file.close();
  }
}

/** Whole or not at all: a journal that begins is not there under its name before its first entry is on the disk. */
async function begin(path: string, text: string, folder: string): Promise<void> {
  await makeFolder(folder);
  const fresh = `${path}.new`;
  await create(fresh, text);
  try {
    killPoint('journal-rename');
    await rename(fresh, path);
    await syncNames(folder);
  } catch (error) {
    await withdrawn(fresh, path);
    throw error;
  }
}

async function create(path: string, text: string): Promise<void> {
  killPoint('journal-begin');
  const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    killPoint('journal-write');
    await file.writeFile(text);
    await synced(file);
  } catch (error) {
    await withdrawn(path);
    throw error;
  } finally {
    await file.close();
  }
}

/** What is announced there is not done, so there is nothing to be found again. */
async function withdrawn(...paths: readonly string[]): Promise<void> {
  for (const path of paths) await unlink(path).catch(() => {});
}

async function syncNames(folder: string): Promise<void> {
  const names = await open(folder, constants.O_RDONLY);
  // not every file system can sync a folder
  await names.sync().catch(() => {});
  await names.close();
}

async function synced(file: FileHandle): Promise<void> {
  killPoint('journal-sync');
  await file.sync();
}
