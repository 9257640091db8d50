import type { Evidence } from '../../core/evidence/evidence.js';
import type { Fit, HolderKind } from '../../core/evidence/holder.js';
import type { Side } from '../../core/evidence/side.js';
import { currentOf, holderOf, other } from './fits.js';

/** Why a side runs what it runs: the likeliest of the ways to come to those bytes. */
export interface Why {
  readonly cause:
    | 'mangled'
    | 'other-loader'
    | 'exported'
    | 'kept-environment'
    | 'stale'
    | 'beaten'
    | 'other-name'
    | 'other-file'
    | 'other-environment'
    | 'example'
    | 'default'
    | 'of-the-other-side';
  readonly fit: Fit;
}

/** Of several holders of the same value the first kind is the explanation. */
const kinds: readonly (readonly [HolderKind, Why['cause']])[] = [
  ['shell', 'exported'],
  ['beaten', 'beaten'],
  ['version', 'other-name'],
  ['other-name', 'other-name'],
  ['backup', 'stale'],
  ['sibling', 'other-file'],
  ['environment', 'other-environment'],
  ['example', 'example'],
  ['default', 'default'],
];

/** The explanation of what a side runs, where that is not the value of its own files. */
export function why(evidence: Evidence, side: Side, fits: readonly Fit[]): Why | null {
  const own = currentOf(evidence, side);
  const exact = fits.filter(({ variant }) => variant === null);
  const kept = exact.find(({ holder }) => is(evidence, holder, 'process', side));
  const old = exact.find(({ holder }) => is(evidence, holder, 'backup'));
  if (kept !== undefined && old !== undefined) return { cause: 'kept-environment', fit: kept };
  for (const [kind, cause] of kinds) {
    const fit = exact.find(({ holder }) => is(evidence, holder, kind));
    // the same names on the other side are that side's business
    if (fit !== undefined && (kind !== 'other-name' || holderOf(evidence, fit.holder)?.side === side))
      return { cause, fit };
  }
  // holders of one value share their variants
  const print = own?.fingerprint;
  const mangled = fits.find((fit) => fit.variant !== null && holderOf(evidence, fit.holder)?.fingerprint === print);
  if (own !== null && mangled !== undefined)
    return { cause: 'mangled', fit: { holder: own.id, variant: mangled.variant } };
  const loader = exact.find(({ holder }) => is(evidence, holder, 'other-loader', side));
  if (loader !== undefined) return { cause: 'other-loader', fit: loader };
  // the way by which it came is all that is known of it
  if (kept !== undefined) return { cause: 'exported', fit: kept };
  const theirs = exact.find(({ holder }) => holder === currentOf(evidence, other(side))?.id);
  if (theirs !== undefined) return { cause: 'of-the-other-side', fit: theirs };
  const constant = fits.find(({ variant }) => variant !== null);
  return constant === undefined ? null : { cause: 'mangled', fit: constant };
}

function is(evidence: Evidence, id: string, kind: HolderKind, side?: Side): boolean {
  const holder = holderOf(evidence, id);
  return holder?.kind === kind && (side === undefined || holder.side === side);
}
