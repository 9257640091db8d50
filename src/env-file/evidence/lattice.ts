import type { Fit, Holder } from '../../core/evidence/holder.js';
import type { Secret } from '../../core/secret.js';
import type { VariantName } from '../variants.js';
import { changed, keyOf, variants } from '../variants.js';

/** A holder, with what it holds. The value stays here: evidence has the holder alone. */
export interface Held {
  readonly holder: Holder;
  readonly value: Secret;
}

/** Bytes that the secret may be, and every way to come to them. */
export interface Candidate {
  readonly bytes: Uint8Array;
  readonly fits: readonly Fit[];
}

/** Made of its value when it is asked for: there are sixty of each value, and most are never tried. */
class Made implements Candidate {
  readonly fits: Fit[];
  readonly #value: Secret;
  readonly #variant: VariantName | null;

  constructor(value: Secret, variant: VariantName | null, fit: Fit) {
    this.#value = value;
    this.#variant = variant;
    this.fits = [fit];
  }

  get bytes(): Uint8Array {
    return this.#variant === null ? Buffer.from(this.#value.reveal()) : changed(this.#value, this.#variant);
  }
}

/**
 * Everything that the values can have become: each as it stands first, in the order of the holders, then the variants
 * of one after the other, likely mistakes first. Equal bytes are one candidate.
 */
export function lattice(held: readonly Held[]): Candidate[] {
  const found = new Map<string, Made>();
  const add = (bytes: Uint8Array, value: Secret, variant: VariantName | null, holder: string) => {
    const key = keyOf(bytes);
    const fit = { holder, variant };
    const known = found.get(key);
    if (known === undefined) found.set(key, new Made(value, variant, fit));
    else known.fits.push(fit);
  };
  for (const { holder, value } of held) add(Buffer.from(value.reveal()), value, null, holder.id);
  for (const { holder, value } of distinct(held)) {
    if (holder.empty || holder.kind === 'default') continue;
    for (const { name, bytes } of variants(value)) add(bytes, value, name as VariantName, holder.id);
  }
  return [...found.values()];
}

/** The first holder of each value: its variants are those of the others, too. */
function distinct(held: readonly Held[]): Held[] {
  const seen = new Set<string>();
  return held.filter(({ holder: { fingerprint } }) => !seen.has(fingerprint) && seen.add(fingerprint));
}

/** What a running service most often makes of its secret, for probes of which only a few can be sent. */
const likely: readonly VariantName[] = [
  'with a trailing newline',
  'cut at #',
  'cut at $',
  'with $NAME emptied',
  'in double quotes',
  'with a trailing space',
  'with a trailing carriage return',
  'decoded from hex',
  'decoded from base64',
  'without its quotes',
  'trimmed of white space',
  'encoded as base64',
  'with a trailing carriage return and newline',
  'in single quotes',
  'an empty value',
  'the word undefined',
  'without base64 padding',
  'in base64url without padding',
  'with + made a space',
  'percent-decoded',
  'with \\n made a newline',
  'without its backslashes',
];

/** The candidates in the order in which a probe should ask: as they stand, then by how often the mistake is made. */
export function byLikelihood(candidates: readonly Candidate[]): Candidate[] {
  const rank = ({ fits }: Candidate) =>
    Math.min(
      ...fits.map(({ variant }) => {
        if (variant === null) return -1;
        const at = (likely as readonly string[]).indexOf(variant);
        return at === -1 ? likely.length : at;
      }),
    );
  return candidates
    .map((candidate, i) => ({ candidate, i, rank: rank(candidate) }))
    .sort((a, b) => a.rank - b.rank || a.i - b.i)
    .map(({ candidate }) => candidate);
}
