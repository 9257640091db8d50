import { hurry, onDown, onUnrefreshed } from './loss.js';
import type { Auth, Phase, SocketEffect, SocketEvent, SocketPolicy, SocketState } from './state.js';
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
  // whatever an older socket says is history, and so is what no longer fits
  if (('socket' in event && event.socket !== socket) || (only[event.type] ?? phase) !== phase) return stay(state);
  switch (event.type) {
    case 'connect': {
      const wanted = { ...state, wanted: true };
      return phase === 'idle' && event.auth ? start(wanted, event.auth) : stay(wanted);
    }
    case 'auth':
      return onAuth(state, event.auth);
    case 'opened':
      return enter(state, 'confirming', { do: 'greet', socket });
    case 'ack':
      // an open socket proves nothing yet: only now are the tries and the refresh given back
      return enter({ ...state, attempt: 0, refreshed: false, everLive: true }, 'live');
    case 'down':
      return hasSocket(state) ? onDown(state, event, random, policy) : stay(state);
    case 'due':
      return event.auth?.usable === 'yes' ? connect(state, event.auth) : renew(state);
    case 'refreshed':
      return onRefreshed(state, event.auth);
    case 'unrefreshed':
      return onUnrefreshed(state, event, random, policy);
    case 'online':
      return hurry(state, event.now, policy);
    case 'end':
      return enter(state, 'closed', ...endOf(state));
  }
}

/** What can only happen in one phase; in any other it is late. */
const only: { readonly [type in SocketEvent['type']]?: Phase } = {
  opened: 'connecting',
  ack: 'confirming',
  due: 'backoff',
  refreshed: 'refreshing',
  unrefreshed: 'refreshing',
  online: 'backoff',
};

function endOf({ phase, socket }: SocketState): SocketEffect[] {
  if (hasSocket({ phase })) return [{ do: 'close', socket }];
  return phase === 'backoff' ? [{ do: 'stop-waiting' }] : [];
}

function onAuth(state: SocketState, auth: Auth): Step {
  if (state.phase === 'idle') return state.wanted ? start(state, auth) : stay(state);
  if (state.phase !== 'live' || auth.generation <= state.generation) return stay(state);
  return stay({ ...state, generation: auth.generation }, { do: 'reauth', socket: state.socket });
}

function onRefreshed(state: SocketState, auth: Auth): Step {
  if (auth.usable === 'yes' && auth.generation > state.generation) return connect(state, auth);
  return enter(state, 'auth-failed');
}
