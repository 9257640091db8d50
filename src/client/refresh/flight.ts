import { aborted, ClientError, type Failure } from '../failure.js';

/** Those who wait for the refresh on the wire. It never rejects: it ends with a failure, or with null. */
export type Waiters = ReturnType<typeof waitersFor>;

/** @param abandoned called when the last waiter has gone */
export function waitersFor(abandoned: () => void) {
  const controller = new AbortController();
  let settle: (failure: Failure | null) => void = () => {};
  const settled = new Promise<Failure | null>((resolve) => {
    settle = resolve;
  });
  let count = 0;
  return {
    /** aborts when it is over, for whatever reason */
    signal: controller.signal,
    settle(failure: Failure | null): void {
      settle(failure);
      controller.abort();
    },
    /** Resolves with the flight, rejects with its failure, or at once when the waiter's own signal aborts. */
    join(signal?: AbortSignal): Promise<void> {
      count++;
      return new Promise((resolve, reject) => {
        const leave = () => {
          reject(aborted(signal));
          if (--count === 0 && !controller.signal.aborted) abandoned();
        };
        signal?.addEventListener('abort', leave, { once: true });
        void settled.then((failure) => {
          signal?.removeEventListener('abort', leave);
          if (failure) reject(new ClientError(failure));
          else resolve();
        });
      });
    },
  };
}
