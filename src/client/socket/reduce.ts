import { hurry, onDown, onUnrefreshed } from './loss.js';
import type { Auth, SocketEvent, SocketPolicy, SocketState } from './state.js';
import { connect, enter, hasSocket, isTerminal, renew, type Step, start, stay } from './step.js';

/**
 * The auth-gated socket as a function. Nothing opens before auth is confirmed; an auth refusal costs at most one
 * refresh per live period and is never retried on a timer; a lost network is, a bounded number of times.
 *
 * @param random uniform in [0, 1)
 */
export function reduceSocket(state: SocketState, event: SocketEvent, random: number, policy: SocketPolicy): Step {
  const { phase, socket } = state;
  if (isTerminal(state))
    return event.type === 'opened' ? stay(state, { do: 'close', socket: event.socket }) : stay(state);
  // whatever an older socket says is history
  if ('socket' in event && event.socket !== socket) return stay(state);
  switch (event.type) {
    case 'connect': {
      const wanted = { ...state, wanted: true };
      return phase === 'idle' && event.auth ? start(wanted, event.auth) : stay(wanted);
    }
    case 'auth':
      return onAuth(state, event.auth);
    case 'opened':
      return phase === 'connecting' ? enter(state, 'confirming', { do: 'greet', socket }) : stay(state);
    case 'ack':
      // an open socket proves nothing yet: only now are the tries and the refresh given back
      return phase === 'confirming'
        ? enter({ ...state, attempt: 0, refreshed: false, everLive: true }, 'live')
        : stay(state);
    case 'down':
      return hasSocket(state) ? onDown(state, event, random, policy) : stay(state);
    case 'due':
      return phase === 'backoff' ? onDue(state, event.auth) : stay(state);
    case 'refreshed':
      return phase === 'refreshing' ? onRefreshed(state, event.auth) : stay(state);
    case 'unrefreshed':
      return phase === 'refreshing' ? onUnrefreshed(state, event, random, policy) : stay(state);
    case 'online':
      return phase === 'backoff' ? hurry(state, event.now, policy) : stay(state);
    case 'end':
      return onEnd(state);
  }
}

function onAuth(state: SocketState, auth: Auth): Step {
  if (state.phase === 'idle') return state.wanted ? start(state, auth) : stay(state);
  if (state.phase !== 'live' || auth.generation <= state.generation) return stay(state);
  return stay({ ...state, generation: auth.generation }, { do: 'reauth', socket: state.socket });
}

function onDue(state: SocketState, auth: Auth | null): Step {
  return auth?.usable === 'yes' ? connect(state, auth) : renew(state);
}

function onRefreshed(state: SocketState, auth: Auth): Step {
  if (auth.usable === 'yes' && auth.generation > state.generation) return connect(state, auth);
  return enter(state, 'auth-failed');
}

function onEnd(state: SocketState): Step {
  if (hasSocket(state)) return enter(state, 'closed', { do: 'close', socket: state.socket });
  return state.phase === 'backoff' ? enter(state, 'closed', { do: 'stop-waiting' }) : enter(state, 'closed');
}
