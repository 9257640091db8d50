import type { Sighting } from '../core/observation.js';

/** The variable that a key comes from, where it comes from one. */
export function nameIn(sightings: readonly Sighting[]): string | null {
  const name = sightings.find(({ kind }) => kind === 'secret.read')?.data.name;
  return typeof name === 'string' ? name : null;
}
