import { constants } from 'node:fs';
import { open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { LockstepError } from '../../core/errors.js';
import { Exit } from '../../core/exit.js';
import type { Head, Place, Reading } from '../../core/journal.js';
import { readJournal } from '../../core/journal.js';
import type { Journals, KeptJournal } from '../../world.js';
import { createJournal } from './journal.js';
import { atWork, thisProcess } from './writer.js';

/** A run that never came to its first entry has made nothing. */
const stale = 60 * 60_000;

/** The journals in a folder that only its owner can enter. */
export function createJournals(folder: string, now: () => number, writer = thisProcess()): Journals {
  return {
    async open(run, place) {
      const head: Head = { run, place, writer, at: now() };
      return createJournal({ folder, head, entries: null, now });
    },
    async all() {
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
        throw new LockstepError('unreadable', `${folder} cannot be read (${error.code})`, { exit: Exit.unfinished });
      });
      const files = names.filter((name) => name.endsWith('.jsonl')).map((name) => join(folder, name));
      const kept = await Promise.all(files.map((file) => read(file)));
      await Promise.all(names.filter((name) => name.endsWith('.new')).map((name) => tidy(join(folder, name))));
      const began = ({ reading }: KeptJournal) => reading?.at ?? 0;
      return kept.filter((one) => one !== null).sort((a, b) => began(a) - began(b));
    },
  };

  async function read(file: string): Promise<KeptJournal | null> {
    const first = await reading(file);
    // another cleanup has just finished with it
    if (first === undefined) return null;
    const live = first !== null && atWork(first, now());
    // read again once its writer is known to be gone: it may have made more in between
    const last = live ? first : await reading(file);
    if (last === undefined) return null;
    const head = last ?? { run: '', place: nowhere, writer, at: 0 };
    const journal = createJournal({ folder, head, entries: last?.open ?? [], now });
    return { file, reading: last, live, journal, forget: () => unlink(file) };
  }

  async function tidy(file: string): Promise<void> {
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => null);
    const stat = await handle?.stat();
    await handle?.close();
    if (stat !== undefined && now() - stat.mtimeMs > stale) await unlink(file).catch(() => {});
  }
}

const nowhere: Place = { name: '', auth: '', api: null, tokenRoute: '' };

/** Undefined where it is gone, null where it cannot be read as a journal. */
async function reading(file: string): Promise<Reading | null | undefined> {
  const text = await contents(file);
  if (text === null) return undefined;
  return text === undefined ? null : readJournal(text);
}

/** Null where it is gone, undefined where it is not ours to believe: it names what is to be deleted, and with what. */
async function contents(file: string): Promise<string | null | undefined> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? null : undefined),
  );
  if (handle === null || handle === undefined) return handle;
  try {
    const stat = await handle.stat();
    const mine = process.getuid === undefined || stat.uid === process.getuid();
    return stat.isFile() && mine && (stat.mode & 0o022) === 0 ? await handle.readFile('utf8') : undefined;
  } finally {
    await handle.close();
  }
}
