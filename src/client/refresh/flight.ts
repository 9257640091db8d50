import { ClientError, type Failure } from '../failure.js';

/** A refresh on the wire, and those who wait for it. It never rejects: it ends with a failure, or with null. */
export class Waiters {
  readonly controller = new AbortController();
  readonly #settled: Promise<Failure | null>;
  #settle: (failure: Failure | null) => void = () => {};
  #count = 0;
  #over = false;
  readonly #abandoned: () => void;

  /** @param abandoned called when the last waiter has gone */
  constructor(abandoned: () => void) {
    this.#abandoned = abandoned;
    this.#settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  settle(failure: Failure | null): void {
    this.#over = true;
    this.#settle(failure);
  }

  /** Resolves with the flight, rejects with its failure, or at once when the waiter's own signal aborts. */
  join(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(aborted(signal));
    this.#count++;
    return new Promise((resolve, reject) => {
      const leave = () => {
        reject(aborted(signal));
        this.#count--;
        if (this.#count === 0 && !this.#over) this.#abandoned();
      };
      signal?.addEventListener('abort', leave, { once: true });
      void this.#settled.then((failure) => {
        signal?.removeEventListener('abort', leave);
        if (failure) reject(new ClientError(failure));
        else resolve();
      });
    });
  }
}

/** The error of a caller who does not want to wait any longer; the signal's reason is its cause. */
export function aborted(signal?: AbortSignal): ClientError {
  return new ClientError({ kind: 'aborted' }, { cause: signal?.reason });
}
