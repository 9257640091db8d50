import type { KeyObject } from 'node:crypto';
import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';

/** A key that nobody else has, able to sign for a JWS algorithm (RFC 7518, RFC 8037); null for one that is not known. */
export function freshKey(alg: string): KeyObject | null {
  switch (alg) {
    case 'EdDSA':
    case 'Ed25519':
      return generateKeyPairSync('ed25519').privateKey;
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    case 'ES384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
    case 'ES512':
      return generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey;
    case 'HS256':
    case 'HS384':
    case 'HS512':
      return createSecretKey(randomBytes(64));
    default:
      return /^[RP]S(256|384|512)$/.test(alg) ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey : null;
  }
}
