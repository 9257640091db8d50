import type { Journals } from '../../world.js';
import { journalFolder } from './folder.js';
import { createJournals } from './journals.js';

/** The journals of this user on this machine. */
export function journalsHere(): Journals {
  return createJournals(journalFolder(process.env), () => Date.now());
}
