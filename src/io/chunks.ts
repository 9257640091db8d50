import type { Chunk } from '../core/probe.js';

class TooMuch extends Error {
  readonly code = 'LOCKSTEP_TOO_MUCH';
}

export interface ChunksOptions {
  readonly monotonic: () => number;
  /** when the headers came: what comes before anybody asks for it comes in one piece */
  readonly since: number;
  /** bytes; more of them throw */
  readonly most: number;
}

/** The pieces of a body as they come, with their times. */
export async function* chunks(
  body: AsyncIterable<Uint8Array>,
  { monotonic, since, most }: ChunksOptions,
): AsyncGenerator<Chunk> {
  let total = 0;
  // a look that was late itself says nothing about what came before it
  let looks = [since, since] as const;
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
