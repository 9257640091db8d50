import type { AnyFetch } from '../transport.js';
import type { Refresh } from './outcome.js';

/**
 * A refresh that asks Better Auth's token route (`GET {base}/token` with the session cookie). Reads the token from
 * `token` in the JSON body and the server's time from `Date`.
 *
 * @param fetch the platform's unless given; never a client's own
 */
export function tokenEndpoint(url: string, fetch: AnyFetch = globalThis.fetch): Refresh {
  return async (signal) => {
    const response = await fetch(url, { credentials: 'include', cache: 'no-store', signal });
    if (response.status !== 200) return response;
    const { token } = (await (response as Response).json()) as { token: string };
    return { token, date: response.headers.get('date') };
  };
}
