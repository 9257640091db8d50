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
  // a look that was late itself says nothing about what came before it
  let looks = [monotonic(), monotonic()] as const;
  const looking = setInterval(() => {
    looks = [looks[1], monotonic()];
  }, lookEvery).unref();
  try {
    for await (const bytes of body) {
      total += bytes.length;
      if (total > most) throw new TooMuch();
      const at = monotonic();
      yield { at, bytes, unseen: at - looks[0] };
    }
  } finally {
    clearInterval(looking);
  }
}

/** milliseconds between two looks at the clock */
const lookEvery = 10;
