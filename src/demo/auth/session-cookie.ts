import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Better Auth's session cookie, `<token>.<base64 of the seal>`, as a request brings it; null where it brings none. */
export function sessionCookieOf({ headers }: IncomingMessage): { readonly token: string; readonly mac: string } | null {
  const value = /(?:^|; )[\w.-]*session_token=([^;]*)/.exec(headers.cookie ?? '')?.[1];
  if (value === undefined) return null;
  const [token = '', mac = ''] = decodeURIComponent(value).split('.');
  return { token, mac };
}

export function sealOf(token: string, secret: string): string {
  return createHmac('sha256', secret).update(token).digest('base64');
}
