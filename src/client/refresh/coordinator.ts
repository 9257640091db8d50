import { isToken } from '../credential.js';
import { aborted, ClientError } from '../failure.js';
import { listeners } from '../listeners.js';
import type { HandedToken } from '../store/token-store.js';
import type { ResponseLike } from '../transport.js';
import { type Waiters, waitersFor } from './flight.js';
import { reduce } from './reduce.js';
import { type Renewer, renew } from './renew.js';
import {
  type Credential,
  type Decision,
  type Event,
  type Flight,
  initialState,
  type Refused,
  type State,
} from './state.js';

export type Coordinator = ReturnType<typeof coordinate>;

/** Drives the reducer: runs the one refresh, wakes those who wait, keeps the store and the listeners informed. */
export function coordinate(renewer: Renewer) {
  const { tokens, clock, policy } = renewer;
  const changed = listeners<[]>();
  let state: State = initialState;
  let waiters: Waiters | null = null;

  /** One event: reduce, persist, free the flight, then tell the listeners; in this order. */
  const apply = (event: Event, persist = true): Decision => {
    const before = state;
    const [now, decision] = reduce(before, event, clock.monotonic(), policy);
    if (now === before) return decision;
    state = now;
    if (persist && now.credential?.generation !== before.credential?.generation) tokens.write(now.credential);
    if (now.flight !== before.flight) {
      const landed = waiters;
      waiters = now.flight && depart(now.flight);
      landed?.settle(decision.do === 'settle' ? decision.failure : { kind: now.dead ?? 'signed-out' });
    }
    changed.tell();
    return decision;
  };

  const depart = (flight: Flight): Waiters => {
    const { id } = flight;
    const waiting = waitersFor(() => apply({ type: 'abandoned', flight: id }));
    renew(renewer, flight, waiting.signal, (end) =>
      apply(
        'kind' in end ? { type: 'failed', flight: id, failure: end } : { type: 'obtained', flight: id, token: end },
      ),
    );
    return waiting;
  };

  /** The credential that may be sent, or null after a wait for the flight. */
  const decide = async (event: Event, signal?: AbortSignal, response?: ResponseLike): Promise<Credential | null> => {
    if (signal?.aborted) throw aborted(signal);
    const decision = apply(event);
    if (decision.do === 'reject') throw new ClientError(decision.failure, { response });
    if (decision.do === 'wait') await waiters?.join(signal);
    return decision.do === 'send' ? decision.credential : null;
  };

  /** The credential to send with. Waits for a refresh where the one at hand is stale or missing. */
  const ready = async (epoch: number, signal?: AbortSignal) => {
    for (let refreshed = false; ; refreshed = true) {
      const credential = await decide({ type: 'request', epoch }, signal);
      if (credential) return { credential, refreshed };
    }
  };

  const kept = tokens.read();
  if (kept) apply({ type: 'signed-in', token: kept, by: 'store' }, false);
  const stop = tokens.subscribe((token) => {
    if (token) apply({ type: 'adopted', token, by: token.renewed ? 'refresh' : 'sign-in' }, false);
    else if (!state.dead) apply({ type: 'signed-out' }, false);
  });

  return {
    get state() {
      return state;
    },
    /** Hears of every change, after it is complete: calling the client from a listener is safe. */
    listen: changed.add,
    ready,
    /** An answer other than 401 came back for this credential. */
    accepted(used: Credential): void {
      apply({ type: 'accepted', used });
    },
    /** A 401 came back. Resolves with the newer credential to retry with, once; rejects when there is none to be had. */
    async renewed(used: Credential, request: Refused, signal?: AbortSignal): Promise<Credential> {
      const newer = await decide({ type: 'refused', used, request }, signal);
      return newer ?? (await ready(used.epoch, signal)).credential;
    },
    /** The retry was refused as well. @throws ClientError always */
    async refusedAgain(used: Credential, response: ResponseLike): Promise<void> {
      await decide({ type: 'refused-again', used }, undefined, response);
    },
    /** Refreshes ahead of need; joins the flight where one is under way. */
    async refresh(signal?: AbortSignal): Promise<void> {
      await decide({ type: 'ahead' }, signal);
    },
    /** @throws TypeError for text that is no token */
    signIn(handed: HandedToken | null): void {
      if (handed && !isToken(handed.token)) throw new TypeError('not a token');
      apply({ type: 'signed-in', token: handed && tokens.known(handed), by: 'sign-in' });
    },
    signOut(): void {
      apply({ type: 'signed-out' });
    },
    /** Stops listening to the store. */
    close(): void {
      stop();
      changed.clear();
    },
  };
}
