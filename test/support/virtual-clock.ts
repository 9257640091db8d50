import type { Clock } from '../../src/client/index.js';

/** Lets everything run that waits for promises only. */
export function settled(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Time that passes only when a test says so. */
export class VirtualClock implements Clock {
  /** the shortest delay that anybody asked for; a negative one is a bug in the caller */
  shortest = Number.POSITIVE_INFINITY;
  #monotonic = 0;
  #wall = Date.parse('2026-01-01T00:00:00Z');
  #order = 0;
  readonly #timers = new Map<number, Timer>();

  now = (): number => this.#wall;
  monotonic = (): number => this.#monotonic;

  setTimeout = (run: () => void, ms: number): unknown => {
    this.shortest = Math.min(this.shortest, ms);
    const order = ++this.#order;
    this.#timers.set(order, { at: this.#monotonic + Math.max(0, ms), order, run });
    return order;
  };

  clearTimeout = (timer: unknown): void => {
    this.#timers.delete(timer as number);
  };

  get pending(): number {
    return this.#timers.size;
  }

  /** Milliseconds to the next timer, Infinity when there is none. */
  get next(): number {
    return Math.min(...[...this.#timers.values()].map(({ at }) => at - this.#monotonic));
  }

  /** The wall clock is set; no time passes. */
  jump(ms: number): void {
    this.#wall += ms;
  }

  /** A machine wakes up: time has passed, and the timers that were due run late, one after the other. */
  async sleep(ms: number): Promise<void> {
    this.#pass(ms);
    await this.advance(0);
  }

  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    await settled();
    for (;;) {
      const [due] = [...this.#timers.values()].sort((a, b) => a.at - b.at || a.order - b.order);
      if (!due || due.at > end) break;
      this.#pass(Math.max(0, due.at - this.#monotonic));
      this.#timers.delete(due.order);
      due.run();
      await settled();
    }
    this.#pass(end - this.#monotonic);
  }

  #pass(ms: number): void {
    this.#monotonic += ms;
    this.#wall += ms;
  }
}
