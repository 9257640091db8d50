import type { Failure, Refreshed, RefreshRefused, ResponseLike } from '../../src/client/index.js';
import { ClientError } from '../../src/client/index.js';

/** An unsigned JWT; the client never looks at the signature. Seconds since the epoch. */
export function jwt(claims: { iat?: number; exp?: number; sub?: string; n?: number }): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'EdDSA' })}.${part(claims)}.c2ln`;
}

export function response(status: number, headers: Record<string, string> = {}, body?: unknown): ResponseLike {
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { status, headers: { get: (name) => lower.get(name.toLowerCase()) ?? null }, body };
}

/** One request that waits for the test to answer it. */
export interface Call {
  readonly url: string;
  /** the bearer token, null without one */
  readonly token: string | null;
  readonly init: { method?: string; headers?: Record<string, string>; body?: unknown; signal?: AbortSignal };
  readonly aborted: boolean;
  answer(status: number, headers?: Record<string, string>, body?: unknown): void;
  fail(error: unknown): void;
}

/** One refresh that waits for the test. */
export interface RefreshCall {
  readonly signal: AbortSignal;
  give(result: string | Refreshed | RefreshRefused): void;
  fail(error: unknown): void;
}

/** Both ends of the wire in the hands of a test: nothing is answered unless it says so. */
export class Wire {
  readonly calls: Call[] = [];
  readonly refreshes: RefreshCall[] = [];

  fetch = (url: string, init: Call['init'] = {}): Promise<ResponseLike> =>
    new Promise((resolve, reject) => {
      const authorization = init.headers?.authorization;
      const { signal } = init;
      const abort = () => reject(signal?.reason);
      signal?.addEventListener('abort', abort);
      this.calls.push({
        url,
        token: authorization?.replace(/^Bearer /, '') ?? null,
        init,
        get aborted() {
          return signal?.aborted ?? false;
        },
        answer: (status, headers, body) => {
          signal?.removeEventListener('abort', abort);
          resolve(response(status, headers, body));
        },
        fail: reject,
      });
    });

  refresh = (signal: AbortSignal): Promise<string | Refreshed | RefreshRefused> =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      this.refreshes.push({ signal, give: resolve, fail: reject });
    });

  /** The call with this number (from the end where negative). */
  call(at: number): Call {
    const call = this.calls.at(at);
    if (!call) throw new Error(`nothing was sent as number ${at}; ${this.calls.length} calls in all`);
    return call;
  }

  refreshing(at = -1): RefreshCall {
    const call = this.refreshes.at(at);
    if (!call) throw new Error(`no refresh number ${at}; ${this.refreshes.length} in all`);
    return call;
  }
}

/** What became of a promise: still `pending`, a status, or the kind of the failure. */
export interface Outcome {
  now: 'pending' | number | Failure['kind'] | 'done' | string;
}

/** Watches a promise without waiting for it. */
export function watch(promise: Promise<unknown>): Outcome {
  const outcome: Outcome = { now: 'pending' };
  promise.then(
    (value) => {
      outcome.now = (value as Partial<ResponseLike> | undefined)?.status ?? 'done';
    },
    (error: unknown) => {
      outcome.now = error instanceof ClientError ? error.failure.kind : String(error);
    },
  );
  return outcome;
}
