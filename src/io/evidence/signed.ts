import type { TokenSeen } from '../../core/evidence/credential.js';
import type { Fit } from '../../core/evidence/holder.js';
import { printable } from '../../core/finding.js';
import type { Candidate } from '../../env-file/evidence/lattice.js';
import type { Credential } from '../../token/credential.js';
import { readCredential } from '../../token/credential.js';
import { keySet } from '../../token/key.js';
import { readToken } from '../../token/read.js';
import { createScan } from '../../token/which.js';

/** Finds which candidates signed something. */
export type FindFits = (credential: Credential) => readonly Fit[];

export function fitsAmong(candidates: readonly Candidate[]): FindFits {
  const scan = createScan(
    candidates.map(({ bytes }, i) => ({ name: String(i), value: bytes })),
    [],
  );
  return (credential) => scan(credential).flatMap((i) => candidates[Number(i)]?.fits ?? []);
}

/** What a token says of itself, and who signed it. `now`: the server's time, in milliseconds. */
export function tokenSeen(text: string, now: number, find: FindFits, jwks: unknown): TokenSeen {
  const { header, claims } = readToken(text);
  const alg = short(header?.alg);
  const credential = readCredential(text);
  const kid = short(header?.kid);
  const keys = jwks === undefined ? null : keySet(jwks, 'jwks').keys;
  const named = keys?.filter((key) => key.kid === kid) ?? null;
  const verified = named === null || credential.kind !== 'jwt' ? null : createScan([], named)(credential).length > 0;
  const { exp, iat, sub } = claims ?? {};
  const from = (time: unknown) => (typeof time === 'number' ? Math.round(time - now / 1000) : null);
  return {
    alg,
    kid,
    iss: short(claims?.iss),
    aud: short(Array.isArray(claims?.aud) ? claims.aud[0] : claims?.aud),
    sub: typeof sub === 'string' ? 'text' : typeof sub === 'number' ? 'number' : sub === undefined ? 'absent' : 'other',
    expIn: from(exp),
    iatIn: from(iat),
    fits: find(credential),
    published: named === null ? null : named.length > 0,
    verified,
  };
}

function short(value: unknown): string | null {
  return typeof value === 'string' && value.length <= 200 ? printable(value) : null;
}
