import type { CredentialStore, StoredCredential } from './store.js';

/** The parts of a browser that the store uses; all of them are there in a window. */
export interface BrowserLike {
  readonly localStorage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  addEventListener(type: 'storage', listener: (event: StorageEvent) => void): void;
  removeEventListener(type: 'storage', listener: (event: StorageEvent) => void): void;
  readonly navigator?: { readonly locks?: Pick<LockManager, 'request'> };
}

/**
 * Keeps the credential in `localStorage`: all tabs of an origin share one session. Another tab's change arrives as a
 * storage event; where there are Web Locks, one tab refreshes and the others take what it got.
 *
 * Scripts of the page can read it: keep the token in memory where one tab is enough.
 */
export function browserStore(key = 'lockstep.credential', browser: BrowserLike = globalThis as never): CredentialStore {
  const { locks } = browser.navigator ?? {};
  return {
    read: () => parse(browser.localStorage.getItem(key)),
    write(credential) {
      if (credential) browser.localStorage.setItem(key, JSON.stringify(credential));
      else browser.localStorage.removeItem(key);
    },
    subscribe(listener) {
      const changed = (event: StorageEvent) => {
        // no key: somebody cleared the whole storage
        if (event.key === key || event.key === null) listener(parse(event.newValue));
      };
      browser.addEventListener('storage', changed);
      return () => browser.removeEventListener('storage', changed);
    },
    ...(locks && {
      exclusively: async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> =>
        (await locks.request(key, { signal }, work)) as T,
    }),
  };
}

/** A stored credential, or null for anything else: other code may have written there. */
export function parse(text: string | null): StoredCredential | null {
  try {
    // nothing and null throw here, anything else that is no object has no token
    const { token, expiresAt, user, renewed } = JSON.parse(text ?? '') as Record<string, unknown>;
    if (typeof token !== 'string') return null;
    return {
      token,
      expiresAt: typeof expiresAt === 'number' ? expiresAt : null,
      user: typeof user === 'string' ? user : null,
      renewed: renewed === true,
    };
  } catch {
    return null;
  }
}
