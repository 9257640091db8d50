import type { Limits } from '../../src/io/limits.js';

const hour = 3_600_000;
/** Limits of time to which no test comes, for what is not about them. */
export const unhurried = {
  connectMs: hour,
  headersMs: hour,
  bodyMs: hour,
  totalMs: hour,
  handshakeMs: hour,
} as const satisfies Partial<Limits>;

const step = 20;

/**
 * A timer, in ms, for what must not have happened by then. While the whole machine stands still it does so, too: a standstill
 * is one step of 20 ms, after which everybody else has the rest of the time. Returns what cancels it.
 */
export function whenAwake(ms: number, act: () => void): () => void {
  let left = ms;
  const timer = setInterval(() => {
    left -= step;
    if (left > 0) return;
    clearInterval(timer);
    act();
  }, step);
  return () => clearInterval(timer);
}

export const awake = (ms: number): Promise<void> => new Promise((resolve) => whenAwake(ms, resolve));
