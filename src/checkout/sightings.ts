import type { Sighting } from '../core/observation.js';
import type { SourceFile, Unread } from '../core/source-tree.js';
import { detached } from './held.js';

/** No report is read to its end that has more; and each takes memory. */
const most = 5_000;

/** What files say, and what was left out. */
export interface Seen {
  readonly sightings: readonly Sighting[];
  readonly unread: readonly Unread[];
}

/** A look that takes long rests between two files, so that whoever takes it may do something else, or end it. */
export type Looking<T> = Generator<undefined, T>;

/** What each file says, in turn; no more than anybody reads, and that is said. */
export function* sightingsOf(
  files: readonly SourceFile[],
  look: (file: SourceFile) => readonly Sighting[],
): Looking<Seen> {
  const sightings: Sighting[] = [];
  for (const file of files) {
    yield;
    const found = look(file);
    for (const each of found.length === 0 ? [] : detached(found)) {
      if (sightings.length === most)
        return { sightings, unread: [{ path: '.', why: `says more than ${most} things: the rest was not looked at` }] };
      sightings.push(each);
    }
  }
  return { sightings, unread: [] };
}
