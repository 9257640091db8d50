import type { Auth, Phase, SocketEffect, SocketState } from './state.js';

/** The next state, and what is to be done. */
export type Step = readonly [SocketState, readonly SocketEffect[]];

/** A phase that nothing leads out of. */
export function isTerminal({ phase }: Pick<SocketState, 'phase'>): boolean {
  return phase === 'auth-failed' || phase === 'failed' || phase === 'closed';
}

/** A socket exists, in whatever condition. */
export function hasSocket({ phase }: Pick<SocketState, 'phase'>): boolean {
  return phase === 'connecting' || phase === 'confirming' || phase === 'live';
}

/** Nothing changes, and these effects follow. */
export function stay(state: SocketState, ...effects: SocketEffect[]): Step {
  return [state, effects];
}

/** Another phase, and these effects. */
export function enter(state: SocketState, phase: Phase, ...effects: SocketEffect[]): Step {
  return [{ ...state, phase }, effects];
}

/** Opens the next socket where the credential can be used, renews it where that can help. */
export function start(state: SocketState, auth: Auth): Step {
  if (auth.usable === 'yes') return connect(state, auth);
  return auth.usable === 'no' ? enter(state, 'auth-failed') : renew({ ...state, refreshed: false });
}

export function connect(state: SocketState, { generation }: Auth): Step {
  const socket = state.socket + 1;
  const next = { ...state, socket, generation };
  return enter(next, 'connecting', { do: 'open', socket, generation });
}

/** Spends the refresh of this live period; the end where it is spent. */
export function renew(state: SocketState, probing = false): Step {
  const { refreshed, generation } = state;
  if (refreshed) return enter(state, 'auth-failed');
  return enter({ ...state, refreshed: true, probing }, 'refreshing', { do: 'refresh', generation });
}
