import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../core/secret.js';

/**
 * The cookie by which Better Auth knows a session: `encodeURIComponent(token + "." + base64(HMAC-SHA256(secret,
 * token)))`.
 */
export interface SessionCookie {
  readonly name: string;
  /** `session.token` of the database, in clear */
  readonly token: string;
  readonly mac: Buffer;
}

/** The session cookie in a `Cookie` header: by its usual name, else the one that looks signed; null where there is none. */
export function sessionCookieIn(header: string): SessionCookie | null {
  const signed = pairs(header).flatMap(({ name, value }) => {
    const plain = decoded(value);
    const dot = plain.lastIndexOf('.');
    const mac = Buffer.from(plain.slice(dot + 1), 'base64');
    return dot > 0 && mac.length === 32 ? [{ name, token: plain.slice(0, dot), mac }] : [];
  });
  return signed.find(({ name }) => isSessionToken(name)) ?? signed.find(({ name }) => !isSessionPart(name)) ?? null;
}

/** A `Cookie` header with this session cookie alone. */
export function asHeader({ name, token, mac }: SessionCookie): string {
  return `${name}=${encodeURIComponent(`${token}.${mac.toString('base64')}`)}`;
}

/** The seal of a token under a secret. */
export function sealOf(token: string, secret: Secret | Uint8Array): Buffer {
  return createHmac('sha256', secret instanceof Uint8Array ? secret : secret.reveal())
    .update(token)
    .digest();
}

/** Whether a secret sealed this cookie. */
export function isSealedBy({ token, mac }: SessionCookie, secret: Secret): boolean {
  return timingSafeEqual(mac, sealOf(token, secret));
}

/** The cookies of a `Cookie` header, values as they stand. */
export function pairs(header: string): { readonly name: string; readonly value: string }[] {
  return header.split('; ').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 1 ? [] : [{ name: pair.slice(0, at), value: pair.slice(at + 1) }];
  });
}

export function isSessionToken(name: string): boolean {
  return /(^|[._-])session_token$/.test(name);
}

/** What else Better Auth keeps of a session in cookies: the cache of its data, in pieces if it is long, and a choice. */
export function isSessionPart(name: string): boolean {
  return /(^|[._-])(session_data(\.\d+)?|dont_remember)$/.test(name);
}

/** The text behind percent signs; what has none that can be read stays as it is. */
export function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
