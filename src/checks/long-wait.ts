import type { Live } from '../core/probe.js';

/** Milliseconds between two pings. */
const step = 10_000;

/** The close of a socket, or null when it is still open after `ms`. It is pinged on the way: idle time shall not end it. */
export async function endWithin(live: Live, ms: number): Promise<Live['closed']> {
  for (let left = ms; left > 0 && live.closed === null; left -= step) {
    live.ping();
    await live.end(Math.min(step, left));
  }
  return live.closed;
}
