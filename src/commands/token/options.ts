import { usage } from '../../core/errors.js';
import type { Algorithm } from '../../token/algorithms.js';
import { algorithms, isAlgorithm } from '../../token/algorithms.js';
import { parseDuration } from '../../token/duration.js';

/** Seconds of a flag's value (`90`, `60s`, `2m`, `1h30m`), or a usage error. */
export function seconds(flag: string, text: string): number {
  const value = parseDuration(text);
  if (value === null) throw usage(`${flag} ${text}: it is a time such as 60s, 2m or 1h30m`);
  return value;
}

/** The algorithms of a repeatable flag, or a usage error; undefined where it was not given. */
export function algorithmsOfFlag(texts: readonly string[] | undefined): readonly Algorithm[] | undefined {
  return texts?.map((text) => {
    if (!isAlgorithm(text)) throw usage(`--alg ${text}: it is one of ${algorithms.join(', ')}`);
    return text;
  });
}

/** For a flag that may be given more than once. */
export function collect(value: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), value];
}
