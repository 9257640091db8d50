import type { KeyObject } from 'node:crypto';
import { constants, createHmac, sign as signBytes, timingSafeEqual, verify as verifyBytes } from 'node:crypto';
import type { Algorithm } from './algorithms.js';
import { algorithms } from './algorithms.js';

type Scheme =
  | { readonly kind: 'hmac'; readonly hash: string }
  | { readonly kind: 'rsa' | 'pss' | 'ecdsa'; readonly hash: string; readonly curve?: string }
  | { readonly kind: 'eddsa' };

const curves: Readonly<Record<string, string>> = { ES256: 'prime256v1', ES384: 'secp384r1', ES512: 'secp521r1' };
const kinds: Readonly<Record<string, 'hmac' | 'rsa' | 'pss' | 'ecdsa'>> = {
  HS: 'hmac',
  RS: 'rsa',
  PS: 'pss',
  ES: 'ecdsa',
};

/** RFC 7518 3.1 and RFC 8037 3.1, by algorithm. */
const schemes = new Map<Algorithm, Scheme>(algorithms.map((alg) => [alg, schemeOf(alg)]));

function schemeOf(alg: Algorithm): Scheme {
  const kind = kinds[alg.slice(0, 2)];
  if (kind === undefined) return { kind: 'eddsa' };
  const hash = `sha${alg.slice(2)}`;
  const curve = curves[alg];
  return kind === 'hmac' ? { kind, hash } : { kind, hash, ...(curve === undefined ? {} : { curve }) };
}

/** Smallest RSA modulus that RFC 7518 3.3 and 3.5 allow; in bits. */
const leastModulus = 2048;

/** True when the key is of the type, curve and size that the algorithm demands; no other may be used with it. */
export function suits(key: KeyObject, alg: Algorithm): boolean {
  const scheme = schemes.get(alg);
  if (scheme?.kind === 'hmac') return key.type === 'secret';
  if (key.type === 'secret') return false;
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  switch (scheme?.kind) {
    case 'rsa':
    case 'pss':
      return key.asymmetricKeyType === 'rsa' && modulusLength >= leastModulus;
    case 'ecdsa':
      return key.asymmetricKeyType === 'ec' && namedCurve === scheme.curve;
    default:
      return key.asymmetricKeyType === 'ed25519';
  }
}

/** Whether a signature is that of the key over the input. False for a key that does not suit the algorithm. */
export function verifies(key: KeyObject, alg: Algorithm, input: Uint8Array, signature: Uint8Array): boolean {
  const scheme = schemes.get(alg);
  if (scheme === undefined || !suits(key, alg)) return false;
  if (scheme.kind === 'hmac') return equal(createHmac(scheme.hash, key).update(input).digest(), signature);
  return verifyBytes(digest(scheme), input, { key, ...padding(scheme) }, signature);
}

/** The signature of the key over the input. TypeError for a key that does not suit the algorithm. */
export function signature(key: KeyObject, alg: Algorithm, input: Uint8Array): Buffer {
  const scheme = schemes.get(alg);
  if (scheme === undefined || !suits(key, alg)) throw new TypeError(`the key is not for ${alg}`);
  if (scheme.kind === 'hmac') return createHmac(scheme.hash, key).update(input).digest();
  return signBytes(digest(scheme), input, { key, ...padding(scheme) });
}

function digest(scheme: Scheme): string | null {
  return scheme.kind === 'eddsa' ? null : scheme.hash;
}

function padding({ kind }: Scheme) {
  // JWS writes r and s side by side, where OpenSSL writes ASN.1 (RFC 7518 3.4)
  if (kind === 'ecdsa') return { dsaEncoding: 'ieee-p1363' as const };
  if (kind !== 'pss') return {};
  return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
}

/** In constant time for equal lengths. */
export function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
