import type { KeyObject } from 'node:crypto';
import { createHmac } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Algorithm } from './algorithms.js';
import { encodeJson } from './base64url.js';
import { signature } from './signature.js';

/** The three parts of a compact JWS (RFC 7515 3.1), still encoded. */
export interface Parts {
  readonly header: string;
  readonly payload: string;
  readonly signature: string;
}

/** Splits a compact JWS; throws a RangeError for anything without exactly two dots. */
export function parts(token: string): Parts {
  const [header, payload, signature, ...rest] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) {
    throw new RangeError('a compact JWS has three parts');
  }
  return { header, payload, signature };
}

/**
 * The token with one bit of a byte in the middle of its signature flipped. In the middle, because the last base64url
 * character carries spare bits that a verifier rightly ignores.
 */
export function withFlippedSignature(token: string): string {
  const { header, payload, signature } = parts(token);
  const bytes = Buffer.from(signature, 'base64url');
  if (bytes.length === 0) return `${header}.${payload}.AA`;
  const middle = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 0b0001_0000, middle);
  return `${header}.${payload}.${bytes.toString('base64url')}`;
}

/** The token with other claims and the old signature. */
export function withClaims(token: string, claims: Readonly<Record<string, unknown>>): string {
  const { header, payload, signature } = parts(token);
  const old = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  const forged = Buffer.from(JSON.stringify({ ...old, ...claims })).toString('base64url');
  return `${header}.${forged}.${signature}`;
}

/** The token with its signature cut by `bytes` bytes from the end; all of them for an empty one. */
export function withShortSignature(token: string, bytes: number): string {
  const { header, payload, signature } = parts(token);
  const whole = Buffer.from(signature, 'base64url');
  return `${header}.${payload}.${whole.subarray(0, Math.max(0, whole.length - bytes)).toString('base64url')}`;
}

/** Claims by which a forged token can be told, dead within a minute. `now` is milliseconds since the epoch. */
export function marked(now: number): Readonly<Record<string, unknown>> {
  return { exp: Math.floor(now / 1000) + 60, lockstep: 'forged for a test' };
}

/** The same header, and the claims with some replaced, signed by another key of the same algorithm. */
export async function signedBy(
  token: string,
  key: KeyObject,
  claims: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { header, payload } = parts(token);
  const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  return new SignJWT({ ...decoded(payload), ...claims }).setProtectedHeader(decoded(header)).sign(key);
}

/** A compact JWS with any header, sealed with HMAC-SHA256 under any bytes, none at all included. */
export function sealedWith(
  key: Uint8Array,
  header: Readonly<Record<string, unknown>>,
  claims: Readonly<Record<string, unknown>>,
): string {
  const input = `${encodeJson(header)}.${encodeJson(claims)}`;
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
}

/** A compact JWS with any header beside alg, signed by a key for that algorithm. */
export function signedWith(
  key: KeyObject,
  header: Readonly<Record<string, unknown>> & { readonly alg: Algorithm },
  claims: Readonly<Record<string, unknown>>,
): string {
  const input = `${encodeJson(header)}.${encodeJson(claims)}`;
  return `${input}.${signature(key, header.alg, Buffer.from(input, 'latin1')).toString('base64url')}`;
}

/** The header of a compact JWS, unverified. */
export function headerOf(token: string): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(parts(token).header, 'base64url').toString());
}
