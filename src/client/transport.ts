/** The least a client needs to know of an answer; every WHATWG `Response` is one. */
export interface ResponseLike {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** a `ReadableStream` or an async iterable of bytes; only streams read it */
  readonly body?: unknown;
}

/**
 * Anything that can be called like `fetch`. The client hands it `init` with `headers` as a plain record and `signal`
 * as the caller gave it; the answer goes back to the caller untouched, so any transport will do.
 */
// biome-ignore lint/suspicious/noExplicitAny: parameters of a function type are contravariant; `any` is the only bound that admits each fetch
export type AnyFetch = (input: any, init?: any) => Promise<ResponseLike>;

/** Time, handed in: the same code runs in a browser, in Node and under a virtual clock. */
export interface Clock {
  /** milliseconds since the epoch; may jump */
  now(): number;
  /** milliseconds that never jump, from any origin */
  monotonic(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** The clock of the platform. */
export const platformClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

/**
 * What time it is at the server: the wall clock until a `Date` header is seen, then that header carried on by the
 * monotonic clock. A wall clock that jumps, or was wrong all along, changes nothing.
 */
export interface ServerClock {
  /** milliseconds since the epoch, as the server counts them */
  now(): number;
  /** takes the `Date` header of an answer; null and nonsense change nothing */
  observe(date: string | null): void;
}

/** A server clock that trusts the wall clock until the server has spoken. */
export function serverClock(clock: Clock): ServerClock {
  let anchor = { server: clock.now(), at: clock.monotonic() };
  let text: string | null = null;
  return {
    now: () => anchor.server + (clock.monotonic() - anchor.at),
    observe(date) {
      if (date === null || date === text) return;
      const server = Date.parse(date);
      if (Number.isNaN(server)) return;
      text = date;
      anchor = { server, at: clock.monotonic() };
    },
  };
}
