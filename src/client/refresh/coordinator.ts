import { isToken } from '../credential.js';
import { ClientError, type Failure } from '../failure.js';
import { Listeners } from '../listeners.js';
import { type CredentialStore, type StoredCredential, unfailing } from '../store/store.js';
import type { Clock, ServerClock } from '../transport.js';
import { aborted, Waiters } from './flight.js';
import { type Outcome, outcomeOf, type Refresh, withClaims } from './outcome.js';
import { reduce } from './reduce.js';
import type { Credential, Decision, Event, Flight, Policy, State, Token, Used } from './state.js';
import { initialState } from './state.js';

export interface CoordinatorOptions {
  readonly refresh: Refresh;
  readonly store: CredentialStore;
  readonly clock: Clock;
  readonly serverTime: ServerClock;
  readonly policy: Policy;
  readonly storeFailed: (error: unknown) => void;
}

/** Drives the reducer: runs the one refresh, wakes those who wait, keeps the store and the listeners informed. */
export class Coordinator {
  #state: State = initialState;
  #flight: Waiters | null = null;
  readonly #options: CoordinatorOptions;
  readonly #store: Required<CredentialStore>;
  readonly #listeners = new Listeners<[]>();
  readonly #stop: () => void;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
    this.#store = unfailing(options.store, options.storeFailed);
    const kept = this.#store.read();
    if (kept && isToken(kept.token))
      this.#apply({ type: 'signed-in', token: this.#known(kept), by: 'store', now: this.#now() }, false);
    this.#stop = this.#store.subscribe((stored) => this.#changedElsewhere(stored));
  }

  get state(): State {
    return this.#state;
  }

  /** Hears of every change, after it is complete: calling the client from a listener is safe. */
  listen(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** The credential to send with. Waits for a refresh where the one at hand is stale or missing. */
  async ready(epoch: number, signal?: AbortSignal): Promise<{ credential: Credential; refreshed: boolean }> {
    for (let refreshed = false; ; refreshed = true) {
      if (signal?.aborted) throw aborted(signal);
      const decision = this.#apply({ type: 'request', epoch, now: this.#now() });
      if (decision.do === 'send') return { credential: decision.credential, refreshed };
      await this.#follow(decision, signal);
    }
  }

  /** An answer other than 401 came back for this credential. */
  accepted(used: Used): void {
    this.#apply({ type: 'accepted', used });
  }

  /** A 401 came back. Resolves with the newer credential to retry with, once; rejects when there is none to be had. */
  async renewed(
    used: Used,
    request: { replayable: boolean; refreshed: boolean; signal?: AbortSignal | undefined },
  ): Promise<Credential> {
    const { replayable, refreshed, signal } = request;
    const decision = this.#apply({ type: 'refused', used, attempt: 1, replayable, refreshed, now: this.#now() });
    if (decision.do === 'send') return decision.credential;
    await this.#follow(decision, signal);
    return (await this.ready(used.epoch, signal)).credential;
  }

  /** The retry was refused as well. */
  refusedAgain(used: Used): Failure {
    const event: Event = { type: 'refused', used, attempt: 2, replayable: true, refreshed: true, now: this.#now() };
    const decision = this.#apply(event);
    return decision.do === 'reject' ? decision.failure : { kind: 'auth', reason: 'refused' };
  }

  /** Refreshes ahead of need; joins the flight where one is under way. */
  async refresh(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) throw aborted(signal);
    await this.#follow(this.#apply({ type: 'ahead', now: this.#now() }), signal);
  }

  signIn(token: string | null, user?: string | null, expiresAt?: number | null): void {
    if (token !== null && !isToken(token)) throw new TypeError('not a token');
    const known = token === null ? null : this.#known({ token, expiresAt: expiresAt ?? null, user: user ?? null });
    this.#apply({ type: 'signed-in', token: known, by: 'sign-in', now: this.#now() });
  }

  signOut(): void {
    this.#apply({ type: 'signed-out' });
  }

  /** Stops listening to the store. */
  close(): void {
    this.#stop();
    this.#listeners.clear();
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }

  async #follow(decision: Decision, signal?: AbortSignal): Promise<void> {
    if (decision.do === 'reject') throw new ClientError(decision.failure);
    if (decision.do === 'wait') await this.#flight?.join(signal);
  }

  /** One event: reduce, persist, free the flight, then tell the listeners; in this order. */
  #apply(event: Event, persist = true): Decision {
    const before = this.#state;
    const [now, decision] = reduce(before, event, this.#options.policy);
    if (now === before) return decision;
    this.#state = now;
    if (persist && now.credential?.generation !== before.credential?.generation) this.#persist(now.credential);
    if (now.flight?.id !== before.flight?.id) {
      const landed = this.#flight;
      this.#flight = now.flight ? this.#depart(now.flight) : null;
      if (landed) {
        landed.settle(decision.do === 'settle' ? decision.failure : { kind: now.dead ?? 'signed-out' });
        landed.controller.abort();
      }
    }
    this.#listeners.tell();
    return decision;
  }

  #depart(flight: Flight): Waiters {
    const { clock, policy, serverTime } = this.#options;
    const waiters = new Waiters(() => this.#apply({ type: 'abandoned', flight: flight.id }));
    const land = (outcome: Outcome) => {
      clock.clearTimeout(limit);
      const now = this.#now();
      if ('failure' in outcome) {
        this.#apply({ type: 'failed', flight: flight.id, failure: outcome.failure, now });
        return;
      }
      // a late answer is no news, and its Date header is as old as it is
      if (this.#state.flight?.id !== flight.id) return;
      serverTime.observe(outcome.token.date);
      this.#apply({ type: 'obtained', flight: flight.id, token: this.#known(outcome.token), now });
    };
    const limit = clock.setTimeout(() => land({ failure: { kind: 'refresh-timeout' } }), policy.timeout);
    const { signal } = waiters.controller;
    signal.addEventListener('abort', () => clock.clearTimeout(limit), { once: true });
    const call = async () => {
      try {
        // stored before the next holder gets its turn: it must find the new one
        await this.#store.exclusively(signal, async () => {
          land(outcomeOf(this.#news(flight) ?? (await this.#ask(signal)), serverTime.now()));
        });
      } catch (error) {
        land(outcomeOf(error, serverTime.now()));
      }
    };
    // the caller joins first: a refresh that throws at once must find somebody to tell
    queueMicrotask(() => void call());
    return waiters;
  }

  /** The refresh, given up with the flight even where it does not listen to the signal: it holds up other holders. */
  #ask(signal: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      this.#options.refresh(signal).then(resolve, reject);
    });
  }

  /** What another holder has stored while this one waited for its turn. */
  #news(flight: Flight): StoredCredential | null {
    const stored = this.#store.read();
    if (!stored || stored.token === flight.refused || !isToken(stored.token)) return null;
    const { expiresAt } = this.#known(stored);
    return expiresAt - this.#now() > this.#options.policy.stale ? stored : null;
  }

  #changedElsewhere(stored: StoredCredential | null): void {
    if (stored && isToken(stored.token)) {
      const by = stored.renewed ? 'refresh' : 'sign-in';
      this.#apply({ type: 'adopted', token: this.#known(stored), by, now: this.#now() }, false);
    } else if (!this.#state.dead) this.#apply({ type: 'signed-out' }, false);
  }

  #persist(credential: Credential | null): void {
    if (!credential) {
      this.#store.write(null);
      return;
    }
    const { token, expiresAt, user, by } = credential;
    const left = expiresAt - this.#now();
    const expires = Number.isFinite(left) ? this.#options.serverTime.now() + left : null;
    this.#store.write({ token, user, expiresAt: expires, renewed: by === 'refresh' });
  }

  /** From the server's time to the monotonic clock; what was not told is read from the token itself. */
  #known(stored: { token: string; expiresAt?: number | null; user?: string | null }): Token {
    const { token, expiresAt, user } = withClaims(stored.token, stored.expiresAt, stored.user);
    const left = expiresAt === null ? Number.POSITIVE_INFINITY : expiresAt - this.#options.serverTime.now();
    return { token, user, expiresAt: this.#now() + left };
  }
}
