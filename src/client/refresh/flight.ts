import { unlessAborted } from '../abort.js';
import { ClientError, type Failure } from '../failure.js';

/** Those who wait for the refresh on the wire. It never rejects: it ends with a failure, or with null. */
export type Waiters = ReturnType<typeof waitersFor>;

/** @param abandoned called when the last waiter has gone, also where that is because the flight is over */
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
    async join(signal?: AbortSignal): Promise<void> {
      count++;
      const failure = await unlessAborted(settled, signal).finally(() => {
        if (--count === 0) abandoned();
      });
      if (failure) throw new ClientError(failure);
    },
  };
}
