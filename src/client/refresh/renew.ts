import { unlessAborted } from '../abort.js';
import { sleep } from '../backoff.js';
import type { Failure } from '../failure.js';
import type { TokenStore } from '../store/token-store.js';
import type { Clock, ServerClock } from '../transport.js';
import { type Outcome, outcomeOf, type Refresh } from './outcome.js';
import type { Flight, Policy, Token } from './state.js';

export interface Renewer {
  readonly refresh: Refresh;
  readonly tokens: TokenStore;
  readonly clock: Clock;
  readonly serverTime: ServerClock;
  readonly policy: Policy;
}

/**
 * Runs one refresh when it is this holder's turn; what another holder got meanwhile takes its place.
 *
 * @param signal aborts when the flight is over: whatever comes later is no news
 * @param land hears how it ended
 */
export function renew(
  { refresh, tokens, clock, serverTime, policy }: Renewer,
  flight: Flight,
  signal: AbortSignal,
  land: (end: Token | Failure) => void,
): void {
  const news = (): Token | null => {
    const stored = tokens.read();
    const good = stored && stored.token !== flight.refused && stored.expiresAt - clock.monotonic() > policy.stale;
    return good ? stored : null;
  };
  // given up with the flight even where it does not listen to the signal: it holds up other holders
  const ask = () => unlessAborted(refresh(signal), signal);
  const answered = (value: unknown) => {
    const outcome: Outcome = outcomeOf(value, serverTime.now());
    if ('kind' in outcome) return land(outcome);
    serverTime.observe(outcome.date);
    land(tokens.known(outcome));
  };

  sleep(clock, policy.timeout, signal).then(
    () => land({ kind: 'refresh-timeout' }),
    () => {},
  );
  // stored before the next holder gets its turn: it must find the new one
  const turn = async () => {
    const stored = news();
    if (stored) land(stored);
    else answered(await ask());
  };
  // the caller joins first: a refresh that throws at once must find somebody to tell
  queueMicrotask(() => tokens.exclusively(signal, turn).catch(answered));
}
