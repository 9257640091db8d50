import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { disk } from './disk.js';

/** One file of a transaction. No content: that lies in `staged`, readable by its owner only. */
export interface Entry {
  readonly target: string;
  /** the new content, beside the target until it is renamed over it */
  readonly staged: string;
  /** the old file under a second name; an empty mark where there was no file */
  readonly kept: string;
  /** what `kept` becomes in the end; null: it is removed */
  readonly backup: string | null;
  /** the state of the target that the plan saw; null where there was no file */
  readonly version: string | null;
}

/**
 * What a run means to do, on the disk before it does the first thing. It is the lock as well: whoever wants to write
 * puts up a journal first and then looks for others, so of two writers at least one sees the other and steps back.
 * Beside it, the empty `.commit` says that all is staged: from then on a run is completed, before that undone.
 */
export interface Journal {
  readonly path: string;
  readonly commit: string;
  readonly entries: readonly Entry[];
  readonly committed: boolean;
  /** its writer is still at work, as far as can be told */
  readonly live: boolean;
}

const name = /^\.lockstep\.(\d+-[0-9a-f]{8})\.(?:journal|commit)$/;
/** A transaction takes milliseconds: after ten minutes a journal's writer is gone, whatever its number says. */
const patience = 10 * 60_000;
const mine = { mode: 0o600, exactly: null, owner: null };

export function journalOf(root: string, id: string, entries: readonly Entry[]): Journal {
  const stem = join(root, `.lockstep.${id}`);
  return { path: `${stem}.journal`, commit: `${stem}.commit`, entries, committed: false, live: true };
}

/** The stamp is the file's own device and inode: a journal that came with a checkout or an archive cannot know it. */
export async function announce({ path, entries }: Journal): Promise<void> {
  const body = (stamp: string) => Buffer.from(JSON.stringify({ stamp, host: hostname(), entries }));
  await disk.create(path, body, mine);
  await disk.syncFolders([path]);
}

export async function markCommitted({ commit }: Journal): Promise<void> {
  await disk.create(commit, new Uint8Array(), mine);
  await disk.syncFolders([commit]);
}

export async function unmark({ commit }: Journal): Promise<void> {
  await disk.remove(commit);
  await disk.syncFolders([commit]);
}

/** The journal goes first: a commit mark without a journal means nothing, a journal without its mark means undo. */
export async function close({ path, commit }: Journal): Promise<void> {
  await disk.remove(path);
  await disk.syncFolders([path]);
  await disk.remove(commit);
}

/** The journals in a folder. A commit mark whose journal is gone counts as one without entries. */
export async function journals(root: string, now: number): Promise<Journal[]> {
  const names = await readdir(root);
  const ids = new Set(names.flatMap((file) => name.exec(file)?.[1] ?? []));
  return Promise.all(
    [...ids].map((id) => read(journalOf(root, id, []), names.includes(`.lockstep.${id}.commit`), now)),
  );
}

async function read(empty: Journal, committed: boolean, now: number): Promise<Journal> {
  const file = await open(empty.path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => null);
  if (file === null) return { ...empty, live: false };
  try {
    const stat = await file.stat({ bigint: true });
    const { stamp, host, entries } = parsed(await file.readFile('utf8'));
    const young = now - Number(stat.mtimeMs) < patience;
    const live = young && ((host !== null && host !== hostname()) || runs(empty.path));
    // torn or not ours: nothing was done in its name, or nothing that we would answer for
    return stamp === `${stat.dev}:${stat.ino}` ? { ...empty, entries, committed, live } : { ...empty, live };
  } finally {
    await file.close();
  }
}

function parsed(text: string): { stamp: string | null; host: string | null; entries: readonly Entry[] } {
  try {
    return JSON.parse(text);
  } catch {
    return { stamp: null, host: null, entries: [] };
  }
}

/** This process's own number on a journal that it did not write is that of an earlier process. */
function runs(path: string): boolean {
  const pid = Number(/\.(\d+)-[^.]*\.journal$/.exec(path)?.[1]);
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
