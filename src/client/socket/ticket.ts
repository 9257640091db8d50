import type { Clock } from '../transport.js';

/** Makes the ticket for one connection; a maker that never settles is given up after `limit` milliseconds. */
export async function ticketFor(
  credential: string,
  make: (credential: string, signal: AbortSignal) => Promise<string> | string,
  clock: Clock,
  limit: number,
): Promise<string> {
  const controller = new AbortController();
  let timer: unknown;
  const late = new Promise<never>((_, reject) => {
    timer = clock.setTimeout(() => reject(new Error('no ticket in time')), limit);
  });
  try {
    return await Promise.race([late, (async () => make(credential, controller.signal))()]);
  } finally {
    clock.clearTimeout(timer);
    controller.abort();
  }
}
