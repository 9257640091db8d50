import type { JsonWebKey, KeyObject } from 'node:crypto';
import { createHash, createHmac, createPublicKey, createSecretKey } from 'node:crypto';
import { plain, type Secret } from '../core/secret.js';
import type { Algorithm } from './algorithms.js';
import { algorithmsOf, isAlgorithm, isSymmetric } from './algorithms.js';
import type { JsonObject } from './json.js';
import { member } from './json.js';

/** A key that may verify a token. */
export interface Key {
  /** where it is from, in words: `the JWKS of http://localhost:3000/api/auth/jwks` */
  readonly source: string;
  readonly kid: string | null;
  /** all that it may be used for, of one family: the family of the key decides, never the token */
  readonly algorithms: readonly Algorithm[];
  /** opaque: printing it shows no bytes */
  readonly object: KeyObject;
}

/** What is wrong with a JWK Set, or with one key of it. */
export interface KeyFault {
  /** position in `keys` */
  readonly index: number | null;
  readonly text: string;
}

export interface KeySet {
  readonly keys: readonly Key[];
  readonly faults: readonly KeyFault[];
}

/** A shared secret as Better Auth uses it: the UTF-8 text itself, never decoded. RangeError when it is empty. */
export function secretKey(secret: Secret | string, source: string, algs: readonly Algorithm[] = ['HS256']): Key {
  const bytes = Buffer.from(plain(secret), 'utf8');
  if (bytes.length === 0) throw new RangeError('an empty secret is no secret');
  return { source, kid: null, algorithms: algs.filter(isSymmetric), object: createSecretKey(bytes) };
}

/**
 * The keys of a JWK Set (RFC 7517 5), or of one JWK. Keys that cannot be used are told and left out; private members
 * are dropped. A symmetric key counts only where `symmetric` says so: a published secret verifies nothing.
 */
export function keySet(value: unknown, source: string, { symmetric = false } = {}): KeySet {
  const list = isObject(value) && 'kty' in value ? [value] : isObject(value) ? member(value, 'keys') : undefined;
  if (!Array.isArray(list)) return { keys: [], faults: [{ index: null, text: 'is not a JWK Set: it has no keys' }] };
  const keys: Key[] = [];
  const faults: KeyFault[] = [];
  for (const [index, jwk] of list.entries()) {
    const key = isObject(jwk) ? fromJwk(jwk, source, symmetric) : 'is not an object';
    if (typeof key === 'string') faults.push({ index, text: key });
    else keys.push(key);
  }
  return { keys, faults };
}

function fromJwk(jwk: JsonObject, source: string, symmetric: boolean): Key | string {
  const fits = algorithmsOf(jwk);
  if (fits.length === 0) return 'is of a type that is not known';
  if (member(jwk, 'use') === 'enc') return 'is for encryption';
  const alg = member(jwk, 'alg');
  if (alg !== undefined && alg !== null && !(isAlgorithm(alg) && fits.includes(alg)))
    return 'has an alg that its type cannot do';
  if (jwk.kty === 'oct' && !symmetric) return 'is a shared secret, which nobody may publish';
  const kid = member(jwk, 'kid');
  try {
    const object =
      jwk.kty === 'oct'
        ? createSecretKey(Buffer.from(String(jwk.k), 'base64url'))
        : createPublicKey({ key: withoutPrivate(jwk), format: 'jwk' });
    const named = isAlgorithm(alg) ? (alg === 'EdDSA' || alg === 'Ed25519' ? fits : [alg]) : fits;
    return { source, kid: typeof kid === 'string' ? kid : null, algorithms: named, object };
  } catch {
    return 'is not a key: its numbers do not fit its type';
  }
}

function withoutPrivate({ kty, crv, x, y, n, e }: JsonObject): JsonWebKey {
  return Object.fromEntries(Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined));
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A short name for a key. A public key: the start of its RFC 7638 thumbprint, the same everywhere. A secret: an HMAC
 * under `runKey`, which is random in each run, so that equal means same within a run and nothing to anybody else.
 */
export function fingerprint(key: KeyObject, runKey: Uint8Array): string {
  if (key.type === 'secret') return createHmac('sha256', runKey).update(key.export()).digest('base64url').slice(0, 6);
  return thumbprint(key.export({ format: 'jwk' })).slice(0, 8);
}

/** RFC 7638: base64url of the SHA-256 of the members that make the key, in lexical order. */
export function thumbprint({ crv, e, k, kty, n, x, y }: JsonWebKey): string {
  const members = kty === 'oct' ? { k, kty } : { crv, e, kty, n, x, y };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}
