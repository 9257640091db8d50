/** Waits for a free lane, then does the work in it. */
export type Lane = <T>(work: () => Promise<T>) => Promise<T>;

/** At most `width` pieces of work at once, first come first served. A width that shrinks is kept as soon as enough have ended. */
export function lanes(width: number | (() => number)): Lane {
  const most = typeof width === 'number' ? () => width : width;
  let busy = 0;
  const queue: (() => void)[] = [];
  return async (work) => {
    if (busy >= most()) await new Promise<void>((go) => queue.push(go));
    else busy += 1;
    try {
      return await work();
    } finally {
      const next = busy <= most() ? queue.shift() : undefined;
      if (next === undefined) busy -= 1;
      else next();
    }
  };
}
