import { type Credential, initialState, type State, type Token } from './state.js';

/** The next credential of the same session. */
export function commit(state: State, token: Token, by: Credential['by'], now: number): State {
  const { epoch, generations, credential } = state;
  const generation = generations + 1;
  const user = token.user ?? credential?.user ?? null;
  return {
    ...state,
    generations: generation,
    credential: { ...token, user, epoch, generation, obtainedAt: now, by, proven: false, poisoned: false },
    coolUntil: initialState.coolUntil,
  };
}

/** Another session begins: nothing of the last one counts but the numbers that were given out. */
export function newEpoch(state: State, token: Token | null, by: Credential['by'], now: number): State {
  const { epoch, generations, flights } = state;
  const fresh = { ...initialState, epoch: epoch + 1, generations, flights };
  return token ? commit(fresh, token, by, now) : fresh;
}

/** A token from another holder of the same session: news, unless we have it or it is somebody else's. */
export function adopt(state: State, token: Token, by: Credential['by'], now: number): State {
  if (state.credential?.token === token.token) return state;
  if (state.dead || isAnothers(state, token)) return newEpoch(state, token, 'sign-in', now);
  return commit(state, token, by, now);
}

/** A protected route took this credential. */
export function prove(state: State, { generation }: Credential): State {
  const { credential } = state;
  if (credential?.generation !== generation || credential.proven) return state;
  return { ...state, credential: { ...credential, proven: true } };
}

/** Whether a token is known to belong to another user than the credential at hand. */
export function isAnothers({ credential }: State, { user }: Token): boolean {
  return !!credential?.user && !!user && credential.user !== user;
}
