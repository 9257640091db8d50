import type { Target } from '../core/target.js';

/** One address of a deployment, and which part answers there. */
export interface Place {
  readonly part: 'auth server' | 'API' | 'socket';
  /** with its scheme and path */
  readonly url: string;
}

/** The addresses that credentials are sent to, each host once a part. An assumed socket is none. */
export function placesOf({ auth, api, routes }: Target): Place[] {
  const { value, declared } = routes.socket;
  return [
    { part: 'auth server', url: auth },
    ...(api === null ? [] : [{ part: 'API' as const, url: api }]),
    ...(declared && value.url !== '' ? [{ part: 'socket' as const, url: value.url }] : []),
  ];
}

/** Whether a URL is encrypted: https: or wss:. */
export function isSecure(url: string): boolean {
  return /^(https|wss):/i.test(url);
}

/** scheme, host and port, in the spelling of http: a ws: URL is on the origin that its handshake goes to. */
export function originOf(url: string): string {
  return new URL(url.replace(/^ws/i, 'http')).origin;
}
