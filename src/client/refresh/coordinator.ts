import { isToken } from '../credential.js';
import { aborted, ClientError } from '../failure.js';
import { Listeners } from '../listeners.js';
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

/** Drives the reducer: runs the one refresh, wakes those who wait, keeps the store and the listeners informed. */
export class Coordinator {
  #state: State = initialState;
  #flight: Waiters | null = null;
  readonly #renewer: Renewer;
  readonly #listeners = new Listeners<[]>();
  readonly #stop: () => void;

  constructor(renewer: Renewer) {
    this.#renewer = renewer;
    const { tokens } = renewer;
    const kept = tokens.read();
    if (kept) this.#apply({ type: 'signed-in', token: kept, by: 'store' }, false);
    this.#stop = tokens.subscribe((token) => {
      if (token) this.#apply({ type: 'adopted', token, by: token.renewed ? 'refresh' : 'sign-in' }, false);
      else if (!this.#state.dead) this.#apply({ type: 'signed-out' }, false);
    });
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
      const credential = await this.#decide({ type: 'request', epoch }, signal);
      if (credential) return { credential, refreshed };
    }
  }

  /** An answer other than 401 came back for this credential. */
  accepted(used: Credential): void {
    this.#apply({ type: 'accepted', used });
  }

  /** A 401 came back. Resolves with the newer credential to retry with, once; rejects when there is none to be had. */
  async renewed(used: Credential, request: Refused, signal?: AbortSignal): Promise<Credential> {
    const newer = await this.#decide({ type: 'refused', used, request }, signal);
    return newer ?? (await this.ready(used.epoch, signal)).credential;
  }

  /** The retry was refused as well. @throws ClientError always */
  async refusedAgain(used: Credential, response: ResponseLike): Promise<void> {
    await this.#decide({ type: 'refused-again', used }, undefined, response);
  }

  /** Refreshes ahead of need; joins the flight where one is under way. */
  async refresh(signal?: AbortSignal): Promise<void> {
    await this.#decide({ type: 'ahead' }, signal);
  }

  /** @throws TypeError for text that is no token */
  signIn(handed: HandedToken | null): void {
    if (handed && !isToken(handed.token)) throw new TypeError('not a token');
    this.#apply({ type: 'signed-in', token: handed && this.#renewer.tokens.known(handed), by: 'sign-in' });
  }

  signOut(): void {
    this.#apply({ type: 'signed-out' });
  }

  /** Stops listening to the store. */
  close(): void {
    this.#stop();
    this.#listeners.clear();
  }

  /** The credential that may be sent, or null after a wait for the flight. */
  async #decide(event: Event, signal?: AbortSignal, response?: ResponseLike): Promise<Credential | null> {
    if (signal?.aborted) throw aborted(signal);
    const decision = this.#apply(event);
    if (decision.do === 'reject') throw new ClientError(decision.failure, { response });
    if (decision.do === 'wait') await this.#flight?.join(signal);
    return decision.do === 'send' ? decision.credential : null;
  }

  /** One event: reduce, persist, free the flight, then tell the listeners; in this order. */
  #apply(event: Event, persist = true): Decision {
    const { tokens, clock, policy } = this.#renewer;
    const before = this.#state;
    const [now, decision] = reduce(before, event, clock.monotonic(), policy);
    if (now === before) return decision;
    this.#state = now;
    if (persist && now.credential?.generation !== before.credential?.generation) tokens.write(now.credential);
    if (now.flight !== before.flight) {
      const landed = this.#flight;
      this.#flight = now.flight && this.#depart(now.flight);
      landed?.settle(decision.do === 'settle' ? decision.failure : { kind: now.dead ?? 'signed-out' });
    }
    this.#listeners.tell();
    return decision;
  }

  #depart(flight: Flight): Waiters {
    const { id } = flight;
    const waiters = waitersFor(() => this.#apply({ type: 'abandoned', flight: id }));
    renew(this.#renewer, flight, waiters.signal, (end) =>
      this.#apply(
        'kind' in end ? { type: 'failed', flight: id, failure: end } : { type: 'obtained', flight: id, token: end },
      ),
    );
    return waiters;
  }
}
