import { Coordinator } from './refresh/coordinator.js';
import type { Refresh } from './refresh/outcome.js';
import { defaultPolicy, type Policy } from './refresh/state.js';
import { send } from './request.js';
import { type CredentialStore, memoryStore } from './store/store.js';
import { type AnyFetch, type Clock, platformClock, serverClock } from './transport.js';

export interface AuthClientOptions<F extends AnyFetch> {
  /** asks the auth server for a new token; called once however many requests need one */
  readonly refresh: Refresh;
  /** where the credential is kept; in memory unless given */
  readonly store?: CredentialStore;
  /** the transport; the platform's `fetch` unless given */
  readonly fetch?: F;
  readonly clock?: Clock;
  /** uniform in [0, 1) */
  readonly random?: () => number;
  /**
   * Origins that may see the credential. Where it is left out each absolute URL handed to this client may, so use the
   * client for the API alone. Requests to others are sent as they are.
   */
  readonly origins?: readonly string[];
  readonly policy?: Partial<Policy>;
  /** hears of a store that throws; the client goes on in memory */
  readonly onStoreError?: (error: unknown) => void;
}

export interface AuthClient<F extends AnyFetch = typeof fetch> {
  /**
   * Like the handed-in `fetch`, with the credential attached as `Authorization: Bearer`. A 401 is answered by one
   * refresh, shared by all who wait for it, and one retry with the newer credential. 403, 429 and 5xx are returned.
   *
   * @throws ClientError whose `failure.kind` says why there is no answer
   */
  readonly fetch: F;
  /** Refreshes ahead of need; joins the refresh under way. */
  refresh(signal?: AbortSignal): Promise<void>;
  /** A token for this user, from now on. Work of an earlier user ends with `signed-out`. */
  signIn(token: string | null, details?: { user?: string; expiresAt?: number }): void;
  /**
   * Ends everything of this user at once: the flight, streams and sockets, what is stored. Then runs `tellServer`.
   */
  signOut(tellServer?: () => Promise<unknown>): Promise<void>;
}

/** Makes a client for one application session; see AuthClientOptions. */
export function createAuthClient<F extends AnyFetch = typeof fetch>(options: AuthClientOptions<F>): AuthClient<F> {
  const { origins, clock = platformClock } = options;
  const transport: AnyFetch = options.fetch ?? ((input, init) => fetch(input, init));
  const serverTime = serverClock(clock);
  const coordinator = new Coordinator({
    refresh: options.refresh,
    store: options.store ?? memoryStore(),
    clock,
    serverTime,
    policy: { ...defaultPolicy, ...options.policy },
    storeFailed: options.onStoreError ?? (() => {}),
  });
  const allowed = origins && new Set(origins.map((origin) => new URL(origin).origin));
  const base = (globalThis as { location?: { href: string } }).location?.href;
  const trusted = (url: string) => !allowed || allowed.has(new URL(url, base).origin);
  const sender = { coordinator, fetch: transport, serverTime, trusted };

  return {
    // the types of input, init and answer are those of the transport, whatever they are
    fetch: ((input: unknown, init?: object) => send(sender, input, init)) as unknown as F,
    refresh: (signal) => coordinator.refresh(signal),
    signIn: (token, details = {}) => coordinator.signIn(token, details.user, details.expiresAt),
    async signOut(tellServer) {
      coordinator.signOut();
      await tellServer?.();
    },
  };
}
