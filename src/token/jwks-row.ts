import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { JwksRow, SecretSet } from '../core/material.js';
import { plain, type Secret } from '../core/secret.js';
import { algorithmsOf, isAlgorithm } from './algorithms.js';
import type { JsonObject } from './json.js';
import { readJsonObject } from './json.js';
import type { Key } from './key.js';
import type { Signer } from './mint.js';
import { openXChaCha20 } from './xchacha20.js';

export type { JwksRow };

/** Why the private key of a row cannot be had; `version` is the number that its envelope names. */
export type RowFault =
  | { readonly kind: 'no-secret' }
  | { readonly kind: 'wrong-secret' }
  | { readonly kind: 'retired-version'; readonly version: number }
  | { readonly kind: 'no-legacy-secret' }
  | { readonly kind: 'malformed'; readonly why: string };

export type Opened =
  | { readonly jwk: JsonObject; readonly fault: null }
  | { readonly jwk: null; readonly fault: RowFault };

/**
 * The private JWK of a row, decrypted as Better Auth does it: XChaCha20-Poly1305 under SHA-256 of the secret, in hex;
 * `$ba$<version>$` before it names one of BETTER_AUTH_SECRETS, and without it only the unversioned secret counts.
 * A row of `disablePrivateKeyEncryption` is the JWK itself, and needs no secret.
 */
export function openPrivateKey(column: Secret | string, secrets: SecretSet | null): Opened {
  let value: unknown;
  try {
    value = JSON.parse(plain(column));
  } catch {
    return malformed('the column is not JSON');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return { jwk: value as JsonObject, fault: null };
  if (typeof value !== 'string') return malformed('the column is neither a JWK nor a JSON string');
  if (secrets === null) return { jwk: null, fault: { kind: 'no-secret' } };
  const envelope = /^\$ba\$(\d+)\$(.*)$/s.exec(value);
  const version = envelope === null ? null : Number(envelope[1]);
  const secret = version === null ? secrets.legacy : secrets.versions.get(version);
  if (secret === null || secret === undefined) {
    return { jwk: null, fault: version === null ? { kind: 'no-legacy-secret' } : { kind: 'retired-version', version } };
  }
  const hex = envelope?.[2] ?? value;
  if (!/^([0-9a-f]{2})+$/i.test(hex)) return malformed('what is encrypted is not in hex');
  const opened = openXChaCha20(createHash('sha256').update(secret.reveal(), 'utf8').digest(), Buffer.from(hex, 'hex'));
  if (opened === null) return { jwk: null, fault: { kind: 'wrong-secret' } };
  const { object } = readJsonObject(opened);
  opened.fill(0);
  return object === null ? malformed('what was encrypted is not a JWK') : { jwk: object, fault: null };
}

function malformed(why: string): Opened {
  return { jwk: null, fault: { kind: 'malformed', why } };
}

/** The row that Better Auth signs with: the newest one that has not expired, of one algorithm where that is asked. */
export function newestLive(rows: readonly JwksRow[], now: number, alg?: string): JwksRow | null {
  const live = rows.filter(
    (row) => (row.expiresAt === null || row.expiresAt.getTime() > now) && (alg === undefined || algOf(row) === alg),
  );
  return live.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0] ?? null;
}

/** The algorithm of a row: its own, or that of its public key's type (EdDSA, ES256, ES512, RS256). */
export function algOf({ alg, publicKey }: JwksRow): string | null {
  if (alg !== null) return alg;
  const { object } = readJsonObject(Buffer.from(publicKey, 'utf8'));
  return object === null ? null : (algorithmsOf(object)[0] ?? null);
}

/** The signer of a row with its opened private key; null where the key does not suit the row's algorithm. */
export function rowSigner(row: JwksRow, jwk: JsonObject): Signer | null {
  const alg = algOf(row);
  if (!isAlgorithm(alg) || !algorithmsOf(jwk).includes(alg)) return null;
  try {
    return { alg, kid: row.id, key: createPrivateKey({ key: jwk, format: 'jwk' }) };
  } catch {
    return null;
  }
}

/** The row as a key that verifies: its public half, under the id that tokens name as `kid`; null where it is no key. */
export function rowKey(row: JwksRow, source: string): Key | null {
  const alg = algOf(row);
  const { object: jwk } = readJsonObject(Buffer.from(row.publicKey, 'utf8'));
  if (jwk === null || !isAlgorithm(alg) || !algorithmsOf(jwk).includes(alg)) return null;
  try {
    return { source, kid: row.id, algorithms: [alg], object: createPublicKey({ key: jwk, format: 'jwk' }) };
  } catch {
    return null;
  }
}
