import type { Clock } from '../transport.js';
import type { Coordinator } from './coordinator.js';

/** The longest wait that platforms can count. */
const longest = 2 ** 31 - 1;

/**
 * Refreshes before the credential is stale, so that no request has to wait. Starts up to a fifth earlier, at random:
 * tabs that were opened together do not refresh together. Returns how to stop.
 *
 * @param lead milliseconds before the expiry
 * @param fresh a credential younger than this is left alone, however short its life
 */
export function refreshAhead(
  coordinator: Coordinator,
  clock: Clock,
  random: () => number,
  lead: number,
  fresh: number,
): () => void {
  let timer: unknown;
  let planned = '';
  const plan = () => {
    const { credential, dead, coolUntil } = coordinator.state;
    const plan = `${credential?.generation} ${coolUntil}`;
    if (plan === planned) return;
    planned = plan;
    clock.clearTimeout(timer);
    if (!credential || dead || credential.expiresAt === Number.POSITIVE_INFINITY) return;
    const due = Math.max(credential.expiresAt - lead * (1 + random() / 5), credential.obtainedAt + fresh, coolUntil);
    wait(due);
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
