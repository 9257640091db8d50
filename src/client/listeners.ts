/** Those who want to hear of something. One that throws does not keep the others from hearing. */
export class Listeners<T extends unknown[]> {
  readonly #listeners = new Set<(...news: T) => void>();

  /** Returns how to stop listening. */
  add(listener: (...news: T) => void): () => void {
    // two subscriptions of one function are two subscriptions
    const own = (...news: T) => listener(...news);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  tell(...news: T): void {
    for (const listener of [...this.#listeners]) {
      if (!this.#listeners.has(listener)) continue;
      try {
        listener(...news);
      } catch (error) {
        // where uncaught errors go on this platform, and not into the state machine that called
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
