import { unlessAborted } from './abort.js';
import type { Clock } from './transport.js';

/** How long to wait before trying again, in milliseconds. */
export interface Backoff {
  readonly base: number;
  readonly cap: number;
}

export const defaultBackoff: Backoff = { base: 500, cap: 30_000 };

/**
 * Full jitter: uniform between 0 and the exponential bound, so that clients which lost one server together do not come
 * back together (RFC 6455 7.2.3).
 *
 * @param attempt tries since the last success, from 0
 * @param random uniform in [0, 1)
 * @param floor what the server asked to wait at least
 */
export function backoffDelay(attempt: number, random: number, floor = 0, { base, cap } = defaultBackoff): number {
  return Math.max(floor, random * Math.min(cap, base * 2 ** attempt));
}

/** Waits on the given clock; rejects with `aborted` when the signal aborts first. */
export async function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  let timer: unknown;
  const woken = new Promise<void>((wake) => {
    timer = clock.setTimeout(wake, ms);
  });
  try {
    await unlessAborted(woken, signal);
  } finally {
    clock.clearTimeout(timer);
  }
}
