import type { Expectations } from '../claims.js';
import { member } from '../json.js';
import type { Verification } from '../verify.js';
import { jose } from './jose.js';
import type { Case, Library } from './opinion.js';
import { pyjwt } from './pyjwt.js';
import { pythonJose } from './python-jose.js';

/** What one library would say. `open` where that hangs on something that was not looked at. */
export interface Opinion {
  readonly library: string;
  readonly version: string;
  readonly verdict: 'accepts' | 'refuses' | 'open';
  /** the error and its words, or why it is open; null where it accepts */
  readonly says: string | null;
}

const libraries: readonly Library[] = [jose, pyjwt, pythonJose];

const unreadable = ['empty', 'not-three-parts', 'not-base64url', 'not-json', 'alg-missing'];

/**
 * What jose, PyJWT and python-jose would each say of a token, called plainly with the same keys, algorithms and
 * expectations. Their defaults differ: PyJWT refuses a token that has an aud when none is asked for and an iat in the
 * future, python-jose lets a missing aud pass and has no EdDSA, and none of the three demands an exp.
 */
export function opinions(verification: Verification, expected: Expectations): Opinion[] {
  return libraries.map((library) => {
    const { verdict, says } = opinion(library, verification, expected);
    return { library: library.name, version: library.version, verdict, says };
  });
}

function opinion(
  { rules }: Library,
  verification: Verification,
  expected: Expectations,
): Pick<Opinion, 'verdict' | 'says'> {
  const { header, claims, findings, signature, allowed } = verification;
  const has = (name: string) => findings.some(({ code }) => code === `token/verify.${name}`);
  if (unreadable.some(has)) return { verdict: 'refuses', says: 'not a token that it can read' };
  if (header === null || claims === null) return { verdict: 'open', says: 'the token was not taken apart' };
  const seen: Case = {
    alg: String(member(header, 'alg')),
    claims,
    allowed,
    signature,
    unknownKid: has('unknown-kid'),
    now: Math.floor(expected.now / 1000),
    leeway: expected.leeway ?? 0,
    issuer: expected.issuer,
    audience: expected.audience === undefined || expected.audience.length === 0 ? undefined : expected.audience,
  };
  for (const rule of rules) {
    const says = rule(seen);
    if (says !== null) return { verdict: 'refuses', says };
  }
  return signature === 'good'
    ? { verdict: 'accepts', says: null }
    : { verdict: 'open', says: 'its signature was not looked at' };
}
