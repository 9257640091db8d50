import { claimsOf, isToken } from '../credential.js';
import type { Credential, Token } from '../refresh/state.js';
import type { Clock, ServerClock } from '../transport.js';
import { type CredentialStore, type StoredCredential, unfailing } from './store.js';

/** A token as somebody hands it over; times are the server's, and what is not told is read from the token itself. */
export type HandedToken = Pick<StoredCredential, 'token'> & Partial<StoredCredential>;

/** A store in terms of the monotonic clock. It holds nothing but tokens, and never throws. */
export type TokenStore = ReturnType<typeof tokenStore>;

/** @param failed hears of the store's own trouble */
export function tokenStore(
  store: CredentialStore,
  clock: Clock,
  serverTime: ServerClock,
  failed: (error: unknown) => void,
) {
  const { read, write, subscribe, exclusively } = unfailing(store, failed);
  const known = ({ token, expiresAt, user }: HandedToken): Token => {
    const { exp, sub } = claimsOf(token);
    return { token, user: user ?? sub, expiresAt: clock.monotonic() + (expiresAt ?? exp) - serverTime.now() };
  };
  const usable = (stored: StoredCredential | null) =>
    stored && isToken(stored.token) ? { ...known(stored), renewed: stored.renewed === true } : null;

  return {
    known,
    exclusively,
    read: () => usable(read()),
    write(credential: Credential | null) {
      if (!credential) return write(null);
      const { token, user, by } = credential;
      const expires = credential.expiresAt - clock.monotonic() + serverTime.now();
      write({ token, user, expiresAt: Number.isFinite(expires) ? expires : null, renewed: by === 'refresh' });
    },
    /** hears what other holders wrote; null where that is no token */
    subscribe: (listener: (token: ReturnType<typeof usable>) => void) =>
      subscribe((stored) => listener(usable(stored))),
  };
}
