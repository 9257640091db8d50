import { claimsOf, isToken } from '../credential.js';
import { type Failure, retryAfter } from '../failure.js';

/** What a refresh may come back with when it worked. */
export interface Refreshed {
  readonly token: string;
  /** milliseconds since the epoch; read from the token where that is a JWT */
  readonly expiresAt?: number | null;
  /** whose token it is; the `sub` of a JWT otherwise */
  readonly user?: string | null;
  /** the `Date` header of the answer: how the client learns what time it is at the server */
  readonly date?: string | null;
}

/**
 * What a refresh may come back with, or throw, when it did not: 401 and 403 say that the session is over, anything
 * else that there is no answer for the moment. A `Response` fits.
 */
export interface RefreshRefused {
  readonly status: number;
  /** milliseconds; otherwise `headers` are asked */
  readonly retryAfter?: number | null;
  readonly headers?: { get(name: string): string | null };
}

/** Asks the auth server for a new token. Bound by `signal`; must not go through `client.fetch`. */
export type Refresh = (signal: AbortSignal) => Promise<string | Refreshed | RefreshRefused>;

/** A token in terms of the server's time, or the failure. */
export type Outcome = { readonly token: Required<Refreshed> } | { readonly failure: Failure };

/** Reads whatever a refresh returned or threw; what is not a token is no answer. `now` is for `Retry-After` dates. */
export function outcomeOf(value: unknown, now: number): Outcome {
  const result = typeof value === 'string' ? { token: value } : value;
  if (typeof result !== 'object' || result === null) return unavailable(null, null);
  const { token, status, headers } = result as Partial<Refreshed & RefreshRefused>;
  if (typeof status === 'number') {
    if (status === 401 || status === 403) return { failure: { kind: 'session-dead' } };
    const told = (result as RefreshRefused).retryAfter;
    return unavailable(status, told ?? (typeof headers?.get === 'function' ? retryAfter(headers, now) : null));
  }
  if (!isToken(token)) return unavailable(null, null);
  const { expiresAt = null, user = null, date = null } = result as Refreshed;
  return { token: { token, expiresAt, user, date } };
}

/** The token with its expiry (milliseconds since the epoch) and owner, as told or as the token itself says. */
export function withClaims(token: string, expiresAt?: number | null, user?: string | null) {
  const { exp, sub } = claimsOf(token);
  return {
    token,
    expiresAt: expiresAt ?? (exp === undefined ? null : exp * 1000),
    user: user ?? sub ?? null,
  };
}

function unavailable(status: number | null, wait: number | null): Outcome {
  return { failure: { kind: 'refresh-unavailable', status, retryAfter: wait } };
}
