import { member } from '../json.js';
import type { Case, Library, Rule } from './opinion.js';

const failed = 'ERR_JWT_CLAIM_VALIDATION_FAILED';

const missing =
  (claim: 'iss' | 'aud', asked: (seen: Case) => unknown): Rule =>
  (seen) =>
    asked(seen) !== undefined && member(seen.claims, claim) === undefined
      ? `${failed}: missing required "${claim}" claim`
      : null;

const number =
  (claim: string): Rule =>
  ({ claims }) => {
    const value = member(claims, claim);
    return value === undefined || typeof value === 'number' ? null : `${failed}: "${claim}" claim must be a number`;
  };

/** `jwtVerify(token, key, { algorithms, issuer, audience, clockTolerance })` of jose. */
export const jose: Library = {
  name: 'jose',
  version: '6.2',
  rules: [
    ({ alg, allowed }) =>
      allowed.includes(alg) ? null : 'ERR_JOSE_ALG_NOT_ALLOWED: "alg" (Algorithm) Header Parameter value not allowed',
    ({ unknownKid }) =>
      unknownKid ? 'ERR_JWKS_NO_MATCHING_KEY: no applicable key found in the JSON Web Key Set' : null,
    ({ signature }) =>
      signature === 'bad' ? 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED: signature verification failed' : null,
    missing('iss', ({ issuer }) => issuer),
    missing('aud', ({ audience }) => audience),
    ({ claims, issuer }) =>
      issuer !== undefined && member(claims, 'iss') !== issuer ? `${failed}: unexpected "iss" claim value` : null,
    ({ claims, audience }) =>
      audience !== undefined && !holds(member(claims, 'aud'), audience)
        ? `${failed}: unexpected "aud" claim value`
        : null,
    number('iat'),
    number('nbf'),
    ({ claims, now, leeway }) =>
      (member(claims, 'nbf') as number) > now + leeway ? `${failed}: "nbf" claim timestamp check failed` : null,
    number('exp'),
    ({ claims, now, leeway }) =>
      (member(claims, 'exp') as number) <= now - leeway ? 'ERR_JWT_EXPIRED: "exp" claim timestamp check failed' : null,
  ],
};

function holds(aud: unknown, audience: readonly string[]): boolean {
  const held: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return audience.some((one) => held.includes(one));
}
