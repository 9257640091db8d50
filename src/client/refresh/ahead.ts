import { type AuthCore, shared } from '../core.js';
import type { AnyFetch } from '../transport.js';

/** The longest wait that platforms can count. */
const longest = 2 ** 31 - 1;

/**
 * Refreshes a client's credential before it is stale, so that no request has to wait. Starts up to a fifth earlier, at
 * random: tabs that were opened together do not refresh together. A credential that has just been renewed is left
 * alone, however short its life. Returns how to stop.
 *
 * @param lead milliseconds before the expiry
 */
export function refreshAhead(core: AuthCore<AnyFetch>, lead: number): () => void {
  const { coordinator, clock, random, policy } = core[shared];
  let timer: unknown;
  let planned = '';
  const plan = () => {
    const { credential, coolUntil } = coordinator.state;
    const plan = `${credential?.generation} ${coolUntil}`;
    if (plan === planned) return;
    planned = plan;
    clock.clearTimeout(timer);
    if (!credential || credential.expiresAt === Number.POSITIVE_INFINITY) return;
    const early = credential.expiresAt - lead * (1 + random() / 5);
    wait(Math.max(early, credential.obtainedAt + policy.fresh, coolUntil));
  };
  const wait = (due: number) => {
    const left = Math.max(0, due - clock.monotonic());
    const act = () => (left > longest ? wait(due) : void coordinator.refresh().catch(() => {}));
    timer = clock.setTimeout(act, Math.min(left, longest));
    // nobody waits for this one: it must not keep a process alive
    (timer as { unref?: () => void } | undefined)?.unref?.();
  };
  const unlisten = coordinator.listen(plan);
  plan();
  return () => {
    unlisten();
    clock.clearTimeout(timer);
  };
}
