import type { Holder } from '../../core/evidence/holder.js';
import type { Side } from '../../core/evidence/side.js';
import { Secret } from '../../core/secret.js';
import { linesIn } from '../decode.js';
import { fingerprints } from '../halves/fingerprint.js';
import type { Half } from '../halves/service.js';
import { usualSecret } from '../halves/shared-secret.js';
import { publicDefault } from '../variants.js';
import type { Held } from './lattice.js';
import type { Add, Places } from './places.js';
import { besides, current, exported, nearby, ofFile, otherwise, running, sides } from './places.js';

/** Lines of the files of one side. Longer ones are read by their own loader alone: eleven others read as much each. */
const mostElsewhere = 2_000;
/** More than any checkout has: of each sixty variants are made, and as many spellings are kept from being printed. */
const most = 500;

export interface Holders {
  readonly values: readonly Held[];
  /** those beyond the most that are looked at */
  readonly untold: number;
  /** whose files are too long to be read as other loaders would read them */
  readonly long: readonly Side[];
}

/**
 * Everything that holds what the secret may be, the likely ones first. `key`: 32 random bytes of this run; `learn` hears of
 * each value that is not public before anything is made of it.
 */
export function holdersOf(places: Places, key: Uint8Array, learn: (value: Secret) => void): Holders {
  const fingerprint = fingerprints(() => key, 8);
  const found: Held[] = [];
  const taken = new Set<string>();
  let untold = 0;
  const add: Add = (kind, side, name, value, where = {}) => {
    if (found.length >= most && kind !== 'default') {
      untold += 1;
      return;
    }
    const { path = null, line = null, loader = null, id } = where;
    if (kind !== 'default') learn(value);
    let own = id ?? `${name} of ${path}`;
    for (let i = 2; taken.has(own); i++) own = `${id ?? `${name} of ${path}`} (${i === 2 && side ? side : i})`;
    taken.add(own);
    const empty = value.length === 0;
    const holder: Holder = { id: own, kind, side, name, path, line, loader, fingerprint: fingerprint(value), empty };
    found.push({ holder, value });
  };
  for (const side of sides) current(places, side, add);
  for (const side of sides) running(places, side, add);
  for (const side of sides) besides(places, side, add);
  exported(places, add);
  for (const side of sides) nearby(places, side, add);
  for (const file of places.also) ofFile('environment', null, file, places, add);
  const long = sides.filter((side) => linesOf(places.halves[side]) > mostElsewhere);
  for (const side of sides) if (!long.includes(side)) otherwise(places, side, add);
  add('default', null, usualSecret, new Secret(publicDefault), { id: "Better Auth's public default" });
  return { values: found, untold, long };
}

function linesOf(half: Half | undefined): number {
  const files = half?.service.files ?? [];
  return files.reduce((sum, { found }) => sum + (found.kind === 'file' ? linesIn(found.bytes) : 0), 0);
}
