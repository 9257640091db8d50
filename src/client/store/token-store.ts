import { claimsOf, isToken } from '../credential.js';
import type { Credential, Token } from '../refresh/state.js';
import type { Clock, ServerClock } from '../transport.js';
import type { CredentialStore, StoredCredential } from './store.js';

/** A token as somebody hands it over; times are the server's, and what is not told is read from the token itself. */
export type HandedToken = Pick<StoredCredential, 'token'> & Partial<StoredCredential>;

export type TokenStore = ReturnType<typeof tokenStore>;

/**
 * A store in terms of the monotonic clock. It holds nothing but tokens and never throws: what the real one refuses is
 * kept in memory.
 *
 * @param failed hears of the store's own trouble
 */
export function tokenStore(
  store: CredentialStore,
  clock: Clock,
  serverTime: ServerClock,
  failed: (error: unknown) => void,
) {
  let kept: StoredCredential | null = null;
  let broken = false;
  const attempt = <T>(run: () => T, otherwise: T): T => {
    try {
      return run();
    } catch (error) {
      failed(error);
      return otherwise;
    }
  };
  const known = ({ token, expiresAt, user }: HandedToken): Token => {
    const { exp, sub } = claimsOf(token);
    return { token, user: user ?? sub, expiresAt: clock.monotonic() + (expiresAt ?? exp) - serverTime.now() };
  };
  const usable = (stored: StoredCredential | null) =>
    stored && isToken(stored.token) ? { ...known(stored), renewed: stored.renewed === true } : null;
  const storable = ({ token, user, by, expiresAt }: Credential): StoredCredential => {
    const expires = expiresAt - clock.monotonic() + serverTime.now();
    return { token, user, expiresAt: Number.isFinite(expires) ? expires : null, renewed: by === 'refresh' };
  };

  return {
    known,
    read: () => usable(broken ? kept : attempt(() => store.read(), kept)),
    write(credential: Credential | null): void {
      kept = credential && storable(credential);
      broken = attempt(() => {
        store.write(kept);
        return false;
      }, true);
    },
    /** hears what other holders wrote; null where that is no token */
    subscribe: (listener: (token: ReturnType<typeof usable>) => void): (() => void) =>
      attempt(() => store.subscribe?.((stored) => listener(usable(stored))), undefined) ?? (() => {}),
    /** runs `work` while no other holder runs theirs; rejects when `signal` aborts first */
    async exclusively<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
      let begun = false;
      const once = () => {
        begun = true;
        return work();
      };
      try {
        return await (store.exclusively ? store.exclusively(signal, once) : once());
      } catch (error) {
        if (begun || signal.aborted) throw error;
        // no lock to be had: one refresh too many is better than none
        failed(error);
        return work();
      }
    },
  };
}
