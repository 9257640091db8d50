import type { Clock } from '../transport.js';

/** Milliseconds, and pings in a row without any sign of life. */
export interface HeartbeatPolicy {
  readonly every: number;
  readonly silence: number;
  readonly missed: number;
}

export const defaultHeartbeat: HeartbeatPolicy = { every: 25_000, silence: 45_000, missed: 2 };

export interface Heartbeat {
  /** anything at all arrived */
  heard(): void;
  stop(): void;
}

/** Notices a connection that is gone without a word: pings it, and gives it up after too much silence. */
export function startHeartbeat(
  clock: Clock,
  { every, silence, missed }: HeartbeatPolicy,
  ping: () => void,
  dead: () => void,
): Heartbeat {
  let heard = clock.monotonic();
  let pinged = heard;
  let unanswered = 0;
  let timer: unknown;
  const plan = () => {
    const next = Math.min(pinged + every, heard + silence);
    timer = clock.setTimeout(beat, Math.max(0, next - clock.monotonic()));
  };
  const beat = () => {
    const now = clock.monotonic();
    const due = now - pinged >= every;
    if (now - heard >= silence || (due && unanswered >= missed)) {
      dead();
      return;
    }
    if (due) {
      pinged = now;
      unanswered++;
      ping();
    }
    plan();
  };
  plan();
  return {
    heard() {
      heard = clock.monotonic();
      unanswered = 0;
    },
    stop: () => clock.clearTimeout(timer),
  };
}
