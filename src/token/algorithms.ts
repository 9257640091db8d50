/** The JWS algorithms that lockstep knows (RFC 7518 3.1, RFC 8037 3.1, RFC 9864); `none` is not among them. */
export const algorithms = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;
export type Algorithm = (typeof algorithms)[number];

export function isAlgorithm(text: unknown): text is Algorithm {
  return algorithms.includes(text as Algorithm);
}

/** True for an algorithm by shared secret: a key for one of these must never be a public key, and the reverse. */
export function isSymmetric(alg: Algorithm): boolean {
  return alg.startsWith('HS');
}

/** What may be done with a public key of a JWK, by its type and curve (RFC 7518 6, RFC 8037 2). */
export function algorithmsOf({ kty, crv }: { readonly kty?: unknown; readonly crv?: unknown }): readonly Algorithm[] {
  if (kty === 'RSA') return ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
  if (kty === 'oct') return ['HS256', 'HS384', 'HS512'];
  switch (`${kty} ${crv}`) {
    case 'EC P-256':
      return ['ES256'];
    case 'EC P-384':
      return ['ES384'];
    case 'EC P-521':
      return ['ES512'];
    case 'OKP Ed25519':
      return ['EdDSA', 'Ed25519'];
    default:
      return [];
  }
}
