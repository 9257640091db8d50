/** Waits for a free lane, then does the work in it. */
export type Lane = <T>(work: () => Promise<T>) => Promise<T>;

/** At most `width` pieces of work at once, first come first served. */
export function lanes(width: number): Lane {
  let free = width;
  const queue: (() => void)[] = [];
  return async (work) => {
    if (free === 0) await new Promise<void>((go) => queue.push(go));
    else free -= 1;
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
