import type { Reply } from '../core/reply.js';
import { isSessionPart, isSessionToken, sessionCookieIn } from './session-cookie.js';

/** A cookie as a server sets it, without its value. */
export interface SetCookie {
  readonly name: string;
  /** bytes of name and value, which browsers limit together */
  readonly size: number;
  /** names in lower case; the last of several counts (RFC 6265 5.3) */
  readonly attributes: ReadonlyMap<string, string>;
  /** it carries a session, or a part of what is known of one */
  readonly ofSession: boolean;
}

/** All `Set-Cookie` lines of an answer. One is never split at commas: `Expires` has one. */
export function setCookiesIn(headers: Reply['headers']): SetCookie[] {
  return headers
    .filter(([name]) => name === 'set-cookie')
    .map(([, line]) => {
      const [pair = '', ...rest] = line.split(';');
      const name = pair.slice(0, pair.indexOf('=')).trim();
      const attributes = rest.map((attribute) => {
        const [key = '', ...value] = attribute.split('=');
        return [key.trim().toLowerCase(), value.join('=').trim()] as const;
      });
      const ofSession = isSessionToken(name) || isSessionPart(name) || sessionCookieIn(pair) !== null;
      return { name, size: Buffer.byteLength(pair.trim()), attributes: new Map(attributes), ofSession };
    });
}

/** Seconds that the cookie lives, by Max-Age before Expires; null for one that ends with the browser. */
export function lifeOf({ attributes }: SetCookie, now: number): number | null {
  const age = attributes.get('max-age');
  if (age !== undefined && /^-?\d+$/.test(age)) return Number(age);
  const end = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(end) ? null : (end - now) / 1000;
}
