import { sleep } from '../backoff.js';
import type { Clock } from '../transport.js';

/** Makes the ticket for one connection; a maker that never settles is given up after `limit` milliseconds. */
export async function ticketFor(
  credential: string,
  make: (credential: string, signal: AbortSignal) => Promise<string> | string,
  clock: Clock,
  limit: number,
): Promise<string> {
  const controller = new AbortController();
  const { signal } = controller;
  const late = sleep(clock, limit, signal).then(() => Promise.reject(new Error('no ticket in time')));
  try {
    return await Promise.race([late, (async () => make(credential, signal))()]);
  } finally {
    controller.abort();
  }
}
