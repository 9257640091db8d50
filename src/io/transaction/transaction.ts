import { LockstepError } from '../../core/errors.js';
import { Exit } from '../../core/exit.js';
import type { FileChange, Settled } from '../../world.js';
import { disk } from './disk.js';
import type { Journal } from './journal.js';
import { announce, close, journalOf, journals, markCommitted, unmark } from './journal.js';
import { told } from './look.js';
import { finish, replace, undo } from './settle.js';
import { overtaken, planned, stage } from './stage.js';

export interface Ground {
  /** the folder of the journal: the same for every run on the same files */
  readonly root: string;
  readonly now: number;
  /** of this transaction: number of the process, a dash, eight hex digits */
  readonly id: string;
}

export interface Manner {
  readonly follow: boolean;
  /** until all is staged an interruption undoes it; after that it is completed */
  readonly interrupted: AbortSignal;
}

/** Writes all of the changes or none of them. Returns the paths of the backups. */
export async function write(changes: readonly FileChange[], ground: Ground, manner: Manner): Promise<string[]> {
  const pieces = await Promise.all(changes.map((change, n) => planned(change, n, ground, manner.follow)));
  const journal = journalOf(
    ground.root,
    ground.id,
    pieces.map(({ entry }) => entry),
  );
  if ((await alone(journal, ground)).length > 0) {
    await close(journal);
    throw unsettled(ground.root);
  }
  try {
    for (const piece of pieces) await stage(piece);
    await disk.syncFolders(journal.entries.map(({ staged }) => staged));
    if (manner.interrupted.aborted) throw new LockstepError('interrupted', 'interrupted', { exit: Exit.interrupted });
    await markCommitted(journal);
    const [changed] = await replace(journal.entries);
    if (changed !== undefined) throw overtaken(changed);
  } catch (error) {
    await takeBack(journal);
    throw error instanceof LockstepError ? error : told(ground.root)(error as NodeJS.ErrnoException);
  }
  await finish(journal.entries)
    .then(() => close(journal))
    .catch(untidy(ground.root));
  return journal.entries.flatMap(({ backup }) => backup ?? []);
}

/** Completes or undoes what runs that were cut have left in the folder. */
export async function settle(ground: Ground): Promise<Settled[]> {
  if ((await journals(ground.root, ground.now)).length === 0) return [];
  const own = journalOf(ground.root, ground.id, []);
  const settled: Settled[] = [];
  try {
    for (const journal of await alone(own, ground)) {
      const { entries, committed } = journal;
      const changed = committed ? await replace(entries) : [];
      await (committed ? finish(entries) : undo(entries));
      await close(journal);
      const paths = entries.map(({ target }) => target);
      if (paths.length > 0) settled.push({ how: committed ? 'completed' : 'undone', paths, changed });
    }
  } catch (error) {
    throw error instanceof LockstepError ? error : told(ground.root)(error as NodeJS.ErrnoException);
  } finally {
    await close(own).catch(() => {});
  }
  return settled;
}

/** Announces the journal and looks for others; steps back when one of them is at work. Returns those that were cut. */
async function alone(journal: Journal, { root, now }: Ground): Promise<Journal[]> {
  try {
    await announce(journal);
    const others = (await journals(root, now)).filter(({ path }) => path !== journal.path);
    if (others.some(({ live }) => live)) throw busy(root);
    return others;
  } catch (error) {
    await close(journal).catch(() => {});
    throw error instanceof LockstepError ? error : told(root)(error as NodeJS.ErrnoException);
  }
}

/** Undoes what this run began. The mark goes first: a cut from here on is undone by the next run, not completed. */
async function takeBack(journal: Journal): Promise<void> {
  try {
    await unmark(journal);
    await undo(journal.entries);
    await close(journal);
  } catch (error) {
    const { message } = error as Error;
    throw new LockstepError('half-written', `some files are new and some old: undoing failed as well (${message})`, {
      exit: Exit.unfinished,
      hint: 'run the same command again: it begins by settling what was left',
    });
  }
}

function untidy(root: string): (error: Error) => never {
  return ({ message }) => {
    throw new LockstepError('untidy', `all files are written, but traces are left in ${root}: ${message}`, {
      exit: Exit.unfinished,
      hint: 'run the same command again: it begins by removing them',
    });
  };
}

function busy(root: string): LockstepError {
  return new LockstepError('busy', `another lockstep is writing in ${root}`, {
    exit: Exit.unfinished,
    hint: 'run it again in a moment',
  });
}

function unsettled(root: string): LockstepError {
  return new LockstepError('unsettled', `a run that was cut is not settled in ${root}`, {
    exit: Exit.unfinished,
    hint: 'run it again: it begins by settling that',
  });
}
