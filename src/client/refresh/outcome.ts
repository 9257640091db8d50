import { isToken } from '../credential.js';
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

/** What to make of a refresh: a token in terms of the server's time, or the failure. */
export type Outcome = Required<Refreshed> | Failure;

/** Reads whatever a refresh returned or threw; what is not a token is no answer. `now` is for `Retry-After` dates. */
export function outcomeOf(value: unknown, now: number): Outcome {
  const result = (typeof value === 'string' ? { token: value } : (value ?? {})) as Partial<Refreshed & RefreshRefused>;
  const { token, expiresAt = null, user = null, date = null, status, headers } = result;
  const unavailable = { kind: 'refresh-unavailable', status: null, retryAfter: null } as const;
  if (typeof status !== 'number') return isToken(token) ? { token, expiresAt, user, date } : unavailable;
  if (status === 401 || status === 403) return { kind: 'session-dead' };
  const asked = typeof headers?.get === 'function' ? retryAfter(headers, now) : null;
  return { ...unavailable, status, retryAfter: result.retryAfter ?? asked };
}
