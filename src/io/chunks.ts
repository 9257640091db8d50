import type { Chunk } from '../core/probe.js';

class TooMuch extends Error {
  readonly code = 'LOCKSTEP_TOO_MUCH';
}

/** The pieces of a body as they come, with their times; more than `most` bytes of them throws. */
export async function* chunks(
  body: AsyncIterable<Uint8Array>,
  monotonic: () => number,
  most: number,
): AsyncGenerator<Chunk> {
  let total = 0;
  for await (const bytes of body) {
    total += bytes.length;
    if (total > most) throw new TooMuch();
    yield { at: monotonic(), bytes };
  }
}
