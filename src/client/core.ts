import { coordinate } from './refresh/coordinator.js';
import type { Refresh } from './refresh/outcome.js';
import { defaultPolicy, type Policy } from './refresh/state.js';
import { type Sender, send } from './request.js';
import { type AuthSnapshot, sessionOf } from './session.js';
import { type CredentialStore, memoryStore } from './store/store.js';
import { tokenStore } from './store/token-store.js';
import { type AnyFetch, type Clock, platformClock, serverClock } from './transport.js';

export interface AuthClientOptions<F extends AnyFetch> {
  /** asks the auth server for a new token; called once however many requests need one */
  readonly refresh: Refresh;
  /** where the credential is kept; in memory unless given */
  readonly store?: CredentialStore;
  /** the transport; the platform's `fetch` unless given */
  readonly fetch?: F;
  readonly clock?: Clock;
  /** uniform in [0, 1); it only spreads waits */
  readonly random?: () => number;
  /**
   * Origins that may see the credential; requests to others are sent as they are. Where it is left out every URL handed
   * to this client may, so use the client for the API alone.
   */
  readonly origins?: readonly string[];
  readonly policy?: Partial<Policy>;
  /** hears of a store that throws; the client goes on in memory */
  readonly onStoreError?: (error: unknown) => void;
}

/** Where a client keeps what its parts share. */
export const shared: unique symbol = Symbol('shared');

/** A client without streams and sockets: `streamsOf` and `socketsOf` add them where they are wanted. */
export interface AuthCore<F extends AnyFetch = typeof fetch> {
  /** what `streamsOf`, `socketsOf` and `refreshAhead` build upon */
  readonly [shared]: Sender;
  /**
   * Like the handed-in `fetch`, with the credential attached as `Authorization: Bearer`. A 401 is answered by one
   * refresh, shared by all who wait for it, and one retry with the newer credential. 403, 429 and 5xx are returned.
   *
   * @throws ClientError whose `failure.kind` says why there is no answer
   */
  readonly fetch: F;
  /** who is signed in; the same object until something changes */
  readonly snapshot: AuthSnapshot;
  /** Hears of each new snapshot, at once: nothing polls. Returns how to stop. */
  subscribe(listener: () => void): () => void;
  /**
   * Finds out who is signed in: one look into the store, one call, one change of `snapshot`. The call is `validate`
   * with the stored token, or a refresh where no `validate` is given. No answer changes nothing. Never rejects.
   */
  restore(validate?: (token: string) => Promise<boolean>): Promise<AuthSnapshot>;
  /**
   * A token that is good now, refreshed first where need be; for what cannot go through `fetch`.
   *
   * @throws ClientError
   */
  token(signal?: AbortSignal): Promise<string>;
  /** Refreshes ahead of need; joins the refresh under way. Same errors as `token`. */
  refresh(signal?: AbortSignal): Promise<void>;
  /**
   * Somebody signed in. Without a token the first request fetches one. Work of an earlier user ends with `signed-out`.
   *
   * @throws TypeError for text that is no token: empty, blank, a placeholder
   */
  signIn(token: string | null, details?: { user?: string; expiresAt?: number }): void;
  /**
   * Ends everything of this user at once: the refresh, streams and sockets, what is stored. Then runs `tellServer`.
   */
  signOut(tellServer?: () => Promise<unknown>): Promise<void>;
  /** Lets go of the store. Streams and sockets end by themselves. */
  close(): void;
}

/** Makes a client for one application session, of `fetch` and what goes with it. */
export function createAuthCore<F extends AnyFetch = typeof fetch>(options: AuthClientOptions<F>): AuthCore<F> {
  const { clock = platformClock, random = Math.random, store = memoryStore(), onStoreError = () => {} } = options;
  const policy = { ...defaultPolicy, ...options.policy };
  const serverTime = serverClock(clock);
  const tokens = tokenStore(store, clock, serverTime, onStoreError);
  const coordinator = coordinate({ refresh: options.refresh, tokens, clock, serverTime, policy });
  const session = sessionOf(coordinator);
  const sender: Sender = {
    coordinator,
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    serverTime,
    clock,
    random,
    policy,
    trusted: trust(options.origins),
  };

  return {
    [shared]: sender,
    // input, init and answer are those of the transport, whatever they are
    fetch: ((input: unknown, init?: object) => send(sender, input, init)) as unknown as F,
    get snapshot() {
      return session.snapshot;
    },
    subscribe: session.subscribe,
    restore: session.restore,
    token: async (signal) => (await coordinator.ready(coordinator.state.epoch, signal)).credential.token,
    refresh: coordinator.refresh,
    signIn: (token, details) => coordinator.signIn(token === null ? null : { ...details, token }),
    async signOut(tellServer) {
      coordinator.signOut();
      await tellServer?.();
    },
    close: coordinator.close,
  };
}

/** Whether a URL may see the credential. Relative ones are those of the page. */
function trust(origins: readonly string[] | undefined): (url: string) => boolean {
  if (!origins) return () => true;
  const allowed = new Set(origins.map((origin) => new URL(origin).origin));
  const page = (globalThis as { location?: { href: string } }).location?.href;
  return (url) => allowed.has(new URL(url, page).origin);
}
