/** Those who want to hear of something. One who throws does not keep the others from hearing. */
export function listeners<T extends unknown[]>() {
  const all = new Set<(...news: T) => void>();
  return {
    /** Returns how to stop listening. */
    add(listener: (...news: T) => void): () => void {
      // two subscriptions of one function are two subscriptions
      const own = (...news: T) => listener(...news);
      all.add(own);
      return () => all.delete(own);
    },
    tell(...news: T): void {
      for (const listener of [...all]) {
        if (!all.has(listener)) continue;
        try {
          listener(...news);
        } catch (error) {
          // where uncaught errors go on this platform, and not into the state machine that called
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
    clear: () => all.clear(),
  };
}
