/** A credential as it is kept. */
export interface StoredCredential {
  readonly token: string;
  /** milliseconds since the epoch, as the server counts them; null where unknown */
  readonly expiresAt: number | null;
  readonly user: string | null;
  /** a refresh brought it: other holders then know that another one is unlikely to help */
  readonly renewed?: boolean;
}

/**
 * Where the credential is kept, so that several holders (tabs, processes) share one session. Any method may throw
 * (private mode, a full disk): the client then goes on with what it has in memory.
 */
export interface CredentialStore {
  /** one synchronous look */
  read(): StoredCredential | null;
  /** null forgets it */
  write(credential: StoredCredential | null): void;
  /** calls back for changes that *other* holders made; returns how to stop */
  subscribe?(listener: (credential: StoredCredential | null) => void): () => void;
  /** runs `work` while no other holder runs theirs; rejects when `signal` aborts first */
  exclusively?<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

/** Keeps the credential in memory: of this client alone, gone with it. */
export function memoryStore(initial: StoredCredential | string | null = null): CredentialStore {
  let kept = typeof initial === 'string' ? { token: initial, expiresAt: null, user: null } : initial;
  return {
    read: () => kept,
    write(credential) {
      kept = credential;
    },
  };
}
