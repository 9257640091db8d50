import type { World } from '../world.js';

/** Waits so many milliseconds, or until `signal` is aborted; never throws. */
export function pause(timer: World['timer'], ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = timer(ms, done);
    if (signal.aborted) done();
    else signal.addEventListener('abort', done, { once: true });
  });
}
