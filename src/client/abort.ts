import { aborted } from './failure.js';

/** Runs when the signal aborts, at once where it has; returns how to stop waiting for that. */
export function onAbort(signal: AbortSignal | null | undefined, run: () => void): () => void {
  if (signal?.aborted) run();
  else signal?.addEventListener('abort', run);
  return () => signal?.removeEventListener('abort', run);
}

/** What the promise comes to, or `aborted` at once when the signal aborts first. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = onAbort(signal, () => reject(aborted(signal)));
    promise.then(resolve, reject).finally(stop);
  });
}
