import { disk } from './disk.js';
import type { Entry } from './journal.js';

/**
 * The two ways in which a transaction ends. Each looks at what is there and does only what is missing, so either can
 * be cut anywhere and run again. They tell the state of a file from three names: `staged` is made first, then
 * `kept`; so `kept` without `staged` means that the new file has taken its place.
 */

/** Puts every staged file in its place. Returns the targets that somebody else has changed meanwhile: left as they are. */
export async function replace(entries: readonly Entry[]): Promise<string[]> {
  const changed: string[] = [];
  for (const { target, staged, version } of entries) {
    if (!(await disk.exists(staged))) continue;
    if ((await disk.version(target)) === version) await disk.rename(staged, target);
    else changed.push(target);
  }
  await disk.syncFolders(entries.map(({ target }) => target));
  return changed;
}

/** After `replace`: what was kept becomes the backup or goes. */
export async function finish(entries: readonly Entry[]): Promise<void> {
  for (const { staged, kept, backup } of entries) {
    await disk.remove(staged);
    if (!(await disk.exists(kept))) continue;
    if (backup === null) await disk.remove(kept);
    else {
      await disk.chmod(kept, 0o600);
      await disk.rename(kept, backup);
    }
  }
  await disk.syncFolders(entries.map(({ target }) => target));
}

/** Every file as it was, with its inode, its owner and its mode; the traces removed. */
export async function undo(entries: readonly Entry[]): Promise<void> {
  for (const { target, staged, kept, version } of entries) {
    const replaced = (await disk.exists(kept)) && !(await disk.exists(staged));
    if (replaced && version !== null) await disk.rename(kept, target);
    if (replaced && version === null) await disk.remove(target);
    await disk.remove(kept);
    await disk.remove(staged);
  }
  await disk.syncFolders(entries.map(({ target }) => target));
}
