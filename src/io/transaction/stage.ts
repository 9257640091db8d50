import { basename, dirname, join } from 'node:path';
import type { LockstepError } from '../../core/errors.js';
import { refused } from '../../core/errors.js';
import type { FileChange } from '../../world.js';
import type { Dress } from './disk.js';
import { disk } from './disk.js';
import type { Entry } from './journal.js';
import type { Seen } from './look.js';
import { locate, look } from './look.js';

/** A change, the file that it found, and the names that it will use. */
export interface Piece {
  readonly change: FileChange;
  readonly seen: Seen | null;
  readonly entry: Entry;
}

/** Looks at the file once more: what is there must be what the plan saw. */
export async function planned(
  change: FileChange,
  n: number,
  { root, id, now }: { readonly root: string; readonly id: string; readonly now: number },
  follow: boolean,
): Promise<Piece> {
  const seen = await look(change.path, root, follow);
  if (!same(seen?.bytes ?? null, change.before)) throw overtaken(change.path);
  const target = seen?.path ?? (await locate(change.path, root, follow));
  const stem = join(dirname(target), `.lockstep.${id}.${n}`);
  const backup = change.secret && seen !== null ? await backupOf(target, now) : null;
  const entry = { target, staged: `${stem}.new`, kept: `${stem}.old`, backup, version: seen?.version ?? null };
  return { change, seen, entry };
}

/** The new content, then the second name of the old: in this order, on which `settle.ts` relies. */
export async function stage({ change, seen, entry }: Piece): Promise<void> {
  await disk.create(entry.staged, change.after, dressOf(change, seen));
  if (seen === null) await disk.create(entry.kept, new Uint8Array(), { mode: 0o600, exactly: null, owner: null });
  else await disk.keep(entry.target, entry.kept);
}

export function overtaken(path: string): LockstepError {
  return refused('changed-meanwhile', `${path} has changed since it was read; nothing is written`, 'run it again');
}

/** A file that holds secrets ends 0600 or narrower; any other keeps its mode, and its owner. */
function dressOf({ secret }: FileChange, seen: Seen | null): Dress {
  if (seen === null) return { mode: secret ? 0o600 : 0o666, exactly: null, owner: null };
  return { mode: 0o600, exactly: secret ? seen.mode & 0o600 : seen.mode, owner: { uid: seen.uid, gid: seen.gid } };
}

async function backupOf(target: string, now: number): Promise<string> {
  const time = new Date(now).toISOString().replaceAll(/[-:]/g, '');
  const name = join(dirname(target), `${basename(target)}.bak.${time}`);
  for (let times = 1; ; times++) {
    const free = times === 1 ? name : `${name}-${times}`;
    if (!(await disk.exists(free))) return free;
  }
}

function same(one: Uint8Array | null, other: Uint8Array | null): boolean {
  return one === null || other === null ? one === other : Buffer.compare(one, other) === 0;
}
