import type { ResponseLike } from './transport.js';

/** Why something did not work, as a value. Times are milliseconds. */
export type Failure =
  /** refused with a good credential, or one that cannot be renewed for this request */
  | { readonly kind: 'auth'; readonly reason: 'refused' | 'body-not-replayable' }
  /** the last renewal did not help either: no further refresh for a while */
  | { readonly kind: 'auth-breaker' }
  /** the refused credential was renewed a moment ago */
  | { readonly kind: 'auth-fresh' }
  /** the auth server ended the session; terminal until sign-in */
  | { readonly kind: 'session-dead' }
  /** this user signed out, or another one signed in */
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'rate-limited'; readonly retryAfter: number | null }
  | { readonly kind: 'network'; readonly code: string | null }
  | { readonly kind: 'server'; readonly status: number }
  | { readonly kind: 'refresh-timeout' }
  | { readonly kind: 'refresh-unavailable'; readonly status: number | null; readonly retryAfter: number | null }
  /** the refresh handed out the refused credential again, or one about to expire */
  | { readonly kind: 'refresh-same-credential' }
  | { readonly kind: 'refresh-cooldown'; readonly wait: number }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'limit'; readonly what: string }
  | { readonly kind: 'protocol'; readonly what: string };

/** What `client.fetch` and `client.stream` reject with: look at `failure.kind`, never at the text. */
export class ClientError extends Error {
  override readonly name: string;
  readonly failure: Failure;
  /** the answer that led here, where there was one */
  readonly response: ResponseLike | undefined;

  constructor(failure: Failure, options: { cause?: unknown; response?: ResponseLike | undefined } = {}) {
    super(failure.kind, options);
    // the platform's fetch rejects with this name, and callers look for it
    this.name = failure.kind === 'aborted' ? 'AbortError' : 'ClientError';
    this.failure = failure;
    this.response = options.response;
  }
}

/** The error of a caller who does not want to wait any longer; the signal's reason is its cause. */
export function aborted(signal?: AbortSignal): ClientError {
  return new ClientError({ kind: 'aborted' }, { cause: signal?.reason });
}

/** The failure that an answer stands for, or null for 1xx to 3xx. A 401 here is one that no refresh could mend. */
export function classify(response: ResponseLike, now: number = Date.now()): Failure | null {
  const { status } = response;
  if (status < 400) return null;
  if (status === 401) return { kind: 'auth', reason: 'refused' };
  if (status === 403) return { kind: 'forbidden' };
  if (status === 429) return { kind: 'rate-limited', retryAfter: retryAfter(response.headers, now) };
  if (status >= 500) return { kind: 'server', status };
  return { kind: 'protocol', what: `status ${status}` };
}

/**
 * Milliseconds that `Retry-After` (RFC 9110 10.2.3: seconds or a date) or `X-Retry-After` (seconds) asks to wait, the
 * longer of the two; null where neither says anything readable.
 */
export function retryAfter(headers: ResponseLike['headers'], now: number): number | null {
  const waits = ['retry-after', 'x-retry-after'].flatMap((name) => {
    const value = headers.get(name)?.trim() ?? '';
    if (/^\d+$/.test(value)) return [Number(value) * 1000];
    const date = Date.parse(value);
    return Number.isNaN(date) ? [] : [Math.max(0, date - now)];
  });
  return waits.length > 0 ? Math.max(...waits) : null;
}

/** Milliseconds that a failure asks to wait, 0 where it does not say. */
export function askedWait(failure: Failure): number {
  if (failure.kind === 'refresh-cooldown') return failure.wait;
  return ('retryAfter' in failure && failure.retryAfter) || 0;
}

/** The `network` failure of whatever a transport threw: its system code where it carries one, itself or in a cause. */
export function networkFailure(error: unknown): Failure {
  let thrown = error as { code?: unknown; cause?: unknown } | null | undefined;
  for (let depth = 0; depth < 4 && thrown; depth++) {
    if (typeof thrown.code === 'string') return { kind: 'network', code: thrown.code };
    thrown = thrown.cause as typeof thrown;
  }
  return { kind: 'network', code: null };
}
