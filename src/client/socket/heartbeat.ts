import type { Clock } from '../transport.js';

/** Milliseconds, and pings in a row without any sign of life. */
export interface HeartbeatPolicy {
  readonly every: number;
  readonly silence: number;
  readonly missed: number;
}

export const defaultHeartbeat: HeartbeatPolicy = { every: 25_000, silence: 45_000, missed: 2 };

/** Notices a connection that is gone without a word: pings it, and gives it up after too much silence. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #policy: HeartbeatPolicy;
  readonly #ping: () => void;
  readonly #dead: () => void;
  #heard: number;
  #pinged: number;
  #unanswered = 0;
  #timer: unknown;

  constructor(clock: Clock, policy: HeartbeatPolicy, ping: () => void, dead: () => void) {
    this.#clock = clock;
    this.#policy = policy;
    this.#ping = ping;
    this.#dead = dead;
    this.#heard = clock.monotonic();
    this.#pinged = this.#heard;
    this.#plan();
  }

  /** Anything at all arrived. */
  heard(): void {
    this.#heard = this.#clock.monotonic();
    this.#unanswered = 0;
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
  }

  #plan(): void {
    const next = Math.min(this.#pinged + this.#policy.every, this.#heard + this.#policy.silence);
    this.#timer = this.#clock.setTimeout(() => this.#beat(), Math.max(0, next - this.#clock.monotonic()));
  }

  #beat(): void {
    const now = this.#clock.monotonic();
    const due = now - this.#pinged >= this.#policy.every;
    if (now - this.#heard >= this.#policy.silence || (due && this.#unanswered >= this.#policy.missed)) {
      this.#dead();
      return;
    }
    if (due) {
      this.#pinged = now;
      this.#unanswered++;
      this.#ping();
    }
    this.#plan();
  }
}
