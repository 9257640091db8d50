import type { Probe } from '../core/probe.js';
import type { Minter } from './minter.js';

/** Seconds that the token has left, and those of the next one: where much time goes by on the way, the first dies there. */
const lives: readonly number[] = [3, 10];
/** Milliseconds before its end at which a clock that is a little ahead may have refused it. */
const margin = 1_000;

/** A token that dies soon. `end`: milliseconds since the epoch. */
export interface Dying {
  readonly jwt: string;
  readonly end: number;
}

/**
 * What the use of a token came to that dies soon. One that was not taken, and was dead by the time of the answer, came too
 * late and says nothing: another one with a longer life is used. `late`: so did the last of them.
 */
export async function withDyingToken<T>(
  probe: Probe,
  minter: Minter,
  { use, taken }: { readonly use: (token: Dying) => Promise<T>; readonly taken: (used: T) => boolean },
  [life = 0, ...longer] = lives,
): Promise<{ readonly token: Dying; readonly used: T; readonly late: boolean }> {
  const exp = Math.floor(probe.now() / 1000) + life;
  const token = { jwt: minter.mint({ exp }), end: exp * 1000 };
  const used = await use(token);
  const late = !taken(used) && probe.now() > token.end - margin;
  return late && longer.length > 0 ? withDyingToken(probe, minter, { use, taken }, longer) : { token, used, late };
}
