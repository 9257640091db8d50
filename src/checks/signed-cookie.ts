import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Probe } from '../core/probe.js';
import type { Secret } from '../core/secret.js';
import type { VariantContext } from '../env-file/variants.js';
import { variants } from '../env-file/variants.js';
import type { Session } from './sign-in.js';

/** A session cookie in its two parts: it tells which secret signed it, to whoever has that secret. */
export interface SignedCookie {
  readonly token: string;
  readonly mac: Uint8Array;
}

/** What `signerOf` says of the value itself. */
export const own = 'as the files hold it';

/** Better Auth's session cookie, `token.base64(HMAC-SHA256(secret, token))`, percent-encoded; null where there is none. */
export async function signedCookie({ auth }: Probe, { jar }: Session): Promise<SignedCookie | null> {
  const cookies = await jar.cookieHeader(`${auth.base}/get-session`);
  const value = /(?:^|; )[^=;]*session_token=([^;]+)/.exec(cookies)?.[1];
  if (value === undefined) return null;
  const plain = decodeURIComponent(value);
  const dot = plain.lastIndexOf('.');
  const mac = Buffer.from(plain.slice(dot + 1), 'base64');
  return dot < 1 || mac.length !== 32 ? null : { token: plain.slice(0, dot), mac };
}

/** What signed a cookie: the value itself (`own`), or the name of one of its variants; null for none of them. */
export function signerOf({ token, mac }: SignedCookie, value: Secret, context: VariantContext): string | null {
  const signs = (key: Uint8Array) => timingSafeEqual(createHmac('sha256', key).update(token).digest(), mac);
  if (signs(Buffer.from(value.reveal()))) return own;
  for (const { name, bytes } of variants(value, context)) if (signs(bytes)) return name;
  return null;
}
