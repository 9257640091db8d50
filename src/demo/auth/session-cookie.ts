import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface SessionCookie {
  readonly name: string;
  readonly token: string;
  /** base64; empty where there is none */
  readonly mac: string;
}

/** Better Auth's session cookie, `<token>.<base64 of the seal>`, as a request brings it; null where it brings none. */
export function sessionCookieOf({ headers }: IncomingMessage): SessionCookie | null {
  const [, name, value] = /(?:^|; )([\w.-]*session_token)=([^;]*)/.exec(headers.cookie ?? '') ?? [];
  if (name === undefined || value === undefined) return null;
  const [token = '', mac = ''] = decodeURIComponent(value).split('.');
  return { name, token, mac };
}

export function sealOf(token: string, secret: string): string {
  return createHmac('sha256', secret).update(token).digest('base64');
}
