import { member } from '../json.js';
import type { Case, Library, Rule } from './opinion.js';
import { audiences, pythonInt, truthy, uncaught } from './python.js';

const time =
  (claim: string, malformed: string, check: (value: number, seen: Case) => string | null): Rule =>
  (seen) => {
    const value = member(seen.claims, claim);
    if (value === undefined) return null;
    const number = pythonInt(value);
    if (number === 'ValueError') return malformed;
    return typeof number === 'string' ? uncaught(number) : check(number, seen);
  };

/** `jwt.decode(token, key, algorithms=[...], audience=..., issuer=..., leeway=...)` of PyJWT. */
export const pyjwt: Library = {
  name: 'PyJWT',
  version: '2.6 to 2.10',
  rules: [
    ({ unknownKid }) => (unknownKid ? 'PyJWKClientError: Unable to find a signing key that matches' : null),
    ({ alg, allowed }) =>
      allowed.includes(alg) ? null : 'InvalidAlgorithmError: The specified alg value is not allowed',
    ({ alg }) => (alg === 'Ed25519' ? 'InvalidAlgorithmError: Algorithm not supported' : null),
    ({ signature }) => (signature === 'bad' ? 'InvalidSignatureError: Signature verification failed' : null),
    time('iat', 'InvalidIssuedAtError: Issued At claim (iat) must be an integer.', (iat, { now, leeway }) =>
      iat > now + leeway ? 'ImmatureSignatureError: The token is not yet valid (iat)' : null,
    ),
    time('nbf', 'DecodeError: Not Before claim (nbf) must be an integer.', (nbf, { now, leeway }) =>
      nbf > now + leeway ? 'ImmatureSignatureError: The token is not yet valid (nbf)' : null,
    ),
    time('exp', 'DecodeError: Expiration Time claim (exp) must be an integer.', (exp, { now, leeway }) =>
      exp <= now - leeway ? 'ExpiredSignatureError: Signature has expired' : null,
    ),
    ({ claims, issuer }) => {
      if (issuer === undefined || member(claims, 'iss') === issuer) return null;
      return member(claims, 'iss') === undefined
        ? 'MissingRequiredClaimError: Token is missing the "iss" claim'
        : 'InvalidIssuerError: Invalid issuer';
    },
    ({ claims, audience }) => {
      const aud = member(claims, 'aud');
      if (audience === undefined) return truthy(aud) ? 'InvalidAudienceError: Invalid audience' : null;
      if (!truthy(aud)) return 'MissingRequiredClaimError: Token is missing the "aud" claim';
      const held = audiences(aud);
      if (held === null) return 'InvalidAudienceError: Invalid claim format in token';
      return audience.some((one) => held.includes(one)) ? null : 'InvalidAudienceError: Invalid audience';
    },
    ({ claims }) => {
      const sub = member(claims, 'sub');
      return sub === undefined || typeof sub === 'string'
        ? null
        : 'InvalidSubjectError: Subject must be a string (from 2.10 on)';
    },
  ],
};
