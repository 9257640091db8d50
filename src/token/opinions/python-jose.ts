import { member } from '../json.js';
import type { Case, Library, Rule } from './opinion.js';
import { audiences, pythonInt, uncaught } from './python.js';

const time =
  (claim: string, name: string, check: (value: number, seen: Case) => string | null): Rule =>
  (seen) => {
    const value = member(seen.claims, claim);
    if (value === undefined) return null;
    const number = pythonInt(value);
    if (number === 'ValueError') return `JWTClaimsError: ${name} claim (${claim}) must be an integer.`;
    return typeof number === 'string' ? uncaught(number) : check(number, seen);
  };

const text =
  (claim: string, name: string): Rule =>
  ({ claims }) => {
    const value = member(claims, claim);
    return value === undefined || typeof value === 'string' ? null : `JWTClaimsError: ${name} must be a string.`;
  };

/** `jwt.decode(token, key, algorithms=[...], audience=..., issuer=..., options={'leeway': ...})` of python-jose. */
export const pythonJose: Library = {
  name: 'python-jose',
  version: '3.3',
  rules: [
    ({ alg, allowed }) => (allowed.includes(alg) ? null : 'JWTError: The specified alg value is not allowed'),
    ({ alg }) =>
      /^(Ed|PS)/.test(alg)
        ? uncaught('JWKError: Unable to find an algorithm for key (it has no EdDSA and no PSS)')
        : null,
    ({ signature, unknownKid }) =>
      signature === 'bad' || unknownKid ? 'JWTError: Signature verification failed.' : null,
    time('iat', 'Issued At', () => null),
    time('nbf', 'Not Before', (nbf, { now, leeway }) =>
      nbf > now + leeway ? 'JWTClaimsError: The token is not yet valid (nbf)' : null,
    ),
    time('exp', 'Expiration Time', (exp, { now, leeway }) =>
      // one second longer than the others: exp itself still counts
      exp < now - leeway ? 'ExpiredSignatureError: Signature has expired.' : null,
    ),
    ({ claims, audience }) => {
      const aud = member(claims, 'aud');
      if (aud === undefined) return null;
      const held = audiences(aud);
      if (held === null) return 'JWTClaimsError: Invalid claim format in token';
      return audience?.some((one) => held.includes(one)) === true ? null : 'JWTClaimsError: Invalid audience';
    },
    ({ claims, issuer }) =>
      issuer !== undefined && member(claims, 'iss') !== issuer ? 'JWTClaimsError: Invalid issuer' : null,
    text('sub', 'Subject'),
    text('jti', 'JWT ID'),
    ({ claims }) =>
      member(claims, 'at_hash') === undefined
        ? null
        : 'JWTClaimsError: No access_token provided to compare against at_hash claim.',
  ],
};
