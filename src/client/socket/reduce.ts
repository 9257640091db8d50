import { backoffDelay } from '../backoff.js';
import type { Auth, SocketEffect, SocketEvent, SocketPolicy, SocketState } from './state.js';

type Step = readonly [SocketState, readonly SocketEffect[]];

/**
 * The auth-gated socket as a function. Nothing opens before auth is confirmed; an auth refusal costs at most one
 * refresh per live period and is never retried on a timer; a lost network is, a bounded number of times.
 *
 * @param random uniform in [0, 1)
 */
export function reduceSocket(state: SocketState, event: SocketEvent, random: number, policy: SocketPolicy): Step {
  if (isTerminal(state)) return onTerminal(state, event);
  switch (event.type) {
    case 'connect': {
      const wanted = { ...state, wanted: true };
      return state.phase === 'idle' && event.auth ? start(wanted, event.auth) : [wanted, []];
    }
    case 'auth':
      return onAuth(state, event.auth);
    case 'opened':
      if (event.socket !== state.socket || state.phase !== 'connecting') return stay(state);
      return [{ ...state, phase: 'confirming' }, [{ do: 'greet', socket: state.socket }]];
    case 'ack':
      if (event.socket !== state.socket || state.phase !== 'confirming') return stay(state);
      // an open socket proves nothing yet: only now are the tries and the refresh given back
      return [{ ...state, phase: 'live', attempt: 0, refreshed: false, everLive: true }, []];
    case 'down':
      return hasSocket(state) && event.socket === state.socket ? onDown(state, event, random, policy) : stay(state);
    case 'due':
      return state.phase === 'backoff' ? onDue(state, event.auth) : stay(state);
    case 'refreshed':
      return state.phase === 'refreshing' ? onRefreshed(state, event.auth) : stay(state);
    case 'unrefreshed':
      return state.phase === 'refreshing' ? onUnrefreshed(state, event, random, policy) : stay(state);
    case 'online':
      return state.phase === 'backoff' ? hurry(state, event.now, policy) : stay(state);
    case 'end':
      return [{ ...state, phase: 'closed', wanted: false }, farewell(state)];
  }
}

/** A phase that nothing leads out of. */
export function isTerminal({ phase }: Pick<SocketState, 'phase'>): boolean {
  return phase === 'auth-failed' || phase === 'failed' || phase === 'closed';
}

/** A socket exists, in whatever condition. */
export function hasSocket({ phase }: Pick<SocketState, 'phase'>): boolean {
  return phase === 'connecting' || phase === 'confirming' || phase === 'live';
}

function onTerminal(state: SocketState, event: SocketEvent): Step {
  return event.type === 'opened' ? [state, [{ do: 'close', socket: event.socket }]] : stay(state);
}

function start(state: SocketState, auth: Auth): Step {
  if (auth.usable === 'yes') return connect(state, auth);
  return auth.usable === 'no' ? [{ ...state, phase: 'auth-failed' }, []] : renew(state);
}

function connect(state: SocketState, { generation }: Auth): Step {
  const socket = state.socket + 1;
  return [{ ...state, phase: 'connecting', socket, generation, probing: false }, [{ do: 'open', socket, generation }]];
}

/** Spends the refresh of this live period. */
function renew(state: SocketState, probing = false): Step {
  const { generation } = state;
  return [{ ...state, phase: 'refreshing', refreshed: true, probing }, [{ do: 'refresh', generation }]];
}

function onAuth(state: SocketState, auth: Auth): Step {
  if (state.phase === 'idle') return state.wanted ? start(state, auth) : stay(state);
  if (state.phase !== 'live' || auth.generation <= state.generation) return stay(state);
  return [{ ...state, generation: auth.generation }, [{ do: 'reauth', socket: state.socket }]];
}

function onDown(state: SocketState, event: SocketEvent & { type: 'down' }, random: number, policy: SocketPolicy): Step {
  const drop: SocketEffect = { do: 'drop', socket: state.socket };
  const [next, effects] = afterDown(state, event, random, policy);
  return [next, [drop, ...effects]];
}

function afterDown(
  state: SocketState,
  event: SocketEvent & { type: 'down' },
  random: number,
  policy: SocketPolicy,
): Step {
  switch (event.class) {
    case 'auth':
      return state.refreshed ? [{ ...state, phase: 'auth-failed' }, []] : renew(state);
    case 'hidden':
      return state.refreshed ? retry(state, event, random, policy) : renew(state, true);
    case 'network':
      return retry(state, event, random, policy);
    case 'fatal':
      return [{ ...state, phase: 'failed' }, []];
    case 'clean':
      return [{ ...state, phase: 'idle', wanted: false }, []];
  }
}

function retry(
  state: SocketState,
  { now, floor, crowd = false }: { now: number; floor: number; crowd?: boolean },
  random: number,
  policy: SocketPolicy,
): Step {
  const since = state.attempt === 0 ? now : state.since;
  if (state.attempt >= policy.maxAttempts || now - since > policy.maxElapsed)
    return [{ ...state, phase: 'failed' }, []];
  const exponent = crowd ? Math.max(1, state.attempt) : state.attempt;
  const ms = backoffDelay(exponent, random, Math.min(floor, policy.maxElapsed), policy.backoff);
  return [{ ...state, phase: 'backoff', attempt: state.attempt + 1, since, due: now + ms }, [{ do: 'wait', ms }]];
}

function onDue(state: SocketState, auth: Auth | null): Step {
  if (auth?.usable === 'yes') return connect(state, auth);
  return state.refreshed ? [{ ...state, phase: 'auth-failed' }, []] : renew(state);
}

function onRefreshed(state: SocketState, auth: Auth): Step {
  if (auth.usable === 'yes' && auth.generation > state.generation) return connect(state, auth);
  return [{ ...state, phase: 'auth-failed' }, []];
}

function onUnrefreshed(
  state: SocketState,
  event: SocketEvent & { type: 'unrefreshed' },
  random: number,
  policy: SocketPolicy,
): Step {
  // no answer is no refresh: it may be asked for again, as often as there are tries
  if (event.why === 'later') return retry({ ...state, refreshed: false, probing: false }, event, random, policy);
  // the credential is known to be good, so it was the network that hid behind 1006
  if (event.why === 'pointless' && state.probing) return retry({ ...state, probing: false }, event, random, policy);
  return [{ ...state, phase: 'auth-failed' }, []];
}

function hurry(state: SocketState, now: number, policy: SocketPolicy): Step {
  const due = now + policy.hurryFloor;
  if (state.due <= due || now - state.hurried < policy.hurryEvery) return stay(state);
  return [{ ...state, due, hurried: now }, [{ do: 'wait', ms: policy.hurryFloor }]];
}

function farewell(state: SocketState): SocketEffect[] {
  if (hasSocket(state)) return [{ do: 'close', socket: state.socket }];
  return state.phase === 'backoff' ? [{ do: 'stop-waiting' }] : [];
}

function stay(state: SocketState): Step {
  return [state, []];
}
