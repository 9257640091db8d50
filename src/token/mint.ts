import type { KeyObject } from 'node:crypto';
import type { Algorithm } from './algorithms.js';
import { encodeJson } from './base64url.js';
import { signature } from './signature.js';

/** Ways in which a token can be made wrong on purpose, to see that somebody refuses it. */
export const breakages = ['expired', 'not-yet', 'wrong-aud', 'wrong-key', 'alg-none', 'no-exp'] as const;
export type Breakage = (typeof breakages)[number];

/** What a token is signed with. */
export interface Signer {
  readonly alg: Algorithm;
  /** a secret for HS256, a private key otherwise */
  readonly key: KeyObject;
  /** Better Auth names the id of the jwks row; a shared secret has none, and its header says `typ: JWT` instead */
  readonly kid: string | null;
}

export interface MintOptions {
  readonly signer: Signer;
  /** milliseconds since the epoch */
  readonly now: number;
  /** seconds from iat to exp, 60 unless given */
  readonly ttl?: number;
  /** beside iat and exp; these win over iat, exp and what `broken` would change last */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly broken?: readonly Breakage[];
  /** signs instead of the signer's key where `wrong-key` is wanted: of the same algorithm, known to nobody */
  readonly stranger?: KeyObject | null;
  /** members of the header beside alg and kid */
  readonly header?: Readonly<Record<string, unknown>>;
}

export const wrongAudience = 'https://other.invalid';
/** how far `expired` lies in the past, and `not-yet` in the future, in seconds: beyond any sane leeway */
export const expiredBy = 600;

/**
 * A signed JWT: claims with `iat` now and `exp` after `ttl`, as compact JWS. Throws a TypeError for a key that
 * cannot sign with the algorithm, and a RangeError where `wrong-key` has no stranger.
 */
export function mintToken({ signer, now, ttl = 60, claims, broken = [], stranger, header }: MintOptions): string {
  const is = (breakage: Breakage) => broken.includes(breakage);
  const seconds = Math.floor(now / 1000);
  const issued = is('expired') ? seconds - expiredBy - ttl : seconds;
  const late = is('not-yet') ? expiredBy : 0;
  const payload: Record<string, unknown> = { iat: issued, exp: issued + ttl + late, ...claims };
  if (is('expired')) Object.assign(payload, { iat: issued, exp: issued + ttl });
  if (is('not-yet')) payload.nbf = seconds + late;
  if (is('wrong-aud')) payload.aud = wrongAudience;
  if (is('no-exp')) delete payload.exp;
  const { alg, kid } = signer;
  const named = kid === null ? { typ: 'JWT' } : { kid };
  if (is('alg-none')) return `${encodeJson({ alg: 'none', ...named, ...header })}.${encodeJson(payload)}.`;
  const key = is('wrong-key') ? stranger : signer.key;
  if (key === undefined || key === null) throw new RangeError(`no other key for ${alg}`);
  const input = `${encodeJson({ alg, ...named, ...header })}.${encodeJson(payload)}`;
  return `${input}.${signature(key, alg, Buffer.from(input, 'latin1')).toString('base64url')}`;
}
