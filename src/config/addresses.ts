import type { Desk } from './desk.js';
import type { TargetConfig } from './schema.js';
import type { Sourced } from './sources.js';
import { baseUrl } from './url.js';

/** Where the two halves of a deployment are; null where nobody says, or not in a form that can be read. */
export interface Addresses {
  readonly auth: Sourced<string> | null;
  readonly api: Sourced<string> | null;
}

export function findAddresses(desk: Desk, entry: TargetConfig | null): Addresses {
  const auth = desk.text('auth', baseUrl.judge, entry?.auth);
  const api = desk.text('api', baseUrl.judge, entry?.api);
  return {
    auth: auth && { ...auth, value: withBasePath(auth.value) },
    api: api && { ...api, value: trimmed(api.value) },
  };
}

/** Better Auth is at /api/auth unless it is told otherwise; a path that is given is the base path. */
function withBasePath(url: string): string {
  const base = trimmed(url);
  return new URL(base).pathname === '/' ? `${base}/api/auth` : base;
}

/** Scheme, host and port as `URL` spells them, and the path without slashes at its end. */
function trimmed(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}
