import { backoffDelay } from '../backoff.js';
import type { SocketEvent, SocketPolicy, SocketState } from './state.js';
import { enter, renew, type Step, stay } from './step.js';

type Of<T extends SocketEvent['type']> = SocketEvent & { readonly type: T };

/** The current socket is lost. What it means is known by its class. */
export function onDown(state: SocketState, event: Of<'down'>, random: number, policy: SocketPolicy): Step {
  const [next, effects] = afterDown(state, event, random, policy);
  return [next, [{ do: 'drop', socket: state.socket }, ...effects]];
}

function afterDown(state: SocketState, event: Of<'down'>, random: number, policy: SocketPolicy): Step {
  switch (event.class) {
    case 'auth':
      return renew(state);
    case 'hidden':
      return state.refreshed ? retry(state, event, random, policy) : renew(state, true);
    case 'network':
      return retry(state, event, random, policy);
    case 'fatal':
      return enter(state, 'failed');
    case 'clean':
      return enter({ ...state, wanted: false }, 'idle');
  }
}

/** There is no newer credential. */
export function onUnrefreshed(
  state: SocketState,
  event: Of<'unrefreshed'>,
  random: number,
  policy: SocketPolicy,
): Step {
  // no answer is no refresh: it may be asked for again, as often as there are tries
  if (event.why === 'later') return retry({ ...state, refreshed: false }, event, random, policy);
  // the credential is known to be good, so it was the network that hid behind 1006
  if (event.why === 'pointless' && state.probing) return retry(state, event, random, policy);
  return enter(state, 'auth-failed');
}

function retry(
  state: SocketState,
  { now, floor, crowd = false }: { now: number; floor: number; crowd?: boolean },
  random: number,
  policy: SocketPolicy,
): Step {
  const { attempt } = state;
  const since = attempt === 0 ? now : state.since;
  if (attempt >= policy.maxAttempts || now - since > policy.maxElapsed) return enter(state, 'failed');
  const exponent = crowd ? Math.max(1, attempt) : attempt;
  const ms = backoffDelay(exponent, random, Math.min(floor, policy.maxElapsed), policy.backoff);
  return enter({ ...state, attempt: attempt + 1, since, due: now + ms }, 'backoff', { do: 'wait', ms });
}

/** The network is back: the wait is cut short, now and then. */
export function hurry(state: SocketState, now: number, policy: SocketPolicy): Step {
  const ms = policy.hurryFloor;
  const due = now + ms;
  if (state.due <= due || now - state.hurried < policy.hurryEvery) return stay(state);
  return stay({ ...state, due, hurried: now }, { do: 'wait', ms });
}
