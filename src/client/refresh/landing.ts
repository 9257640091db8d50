import { askedWait, type Failure } from '../failure.js';
import { commit, isAnothers } from './epoch.js';
import type { Flight, Policy, State, Step, Token } from './state.js';

/** A refresh brought a token. `landed` is the state without its flight. */
export function onObtained(landed: State, flight: Flight, token: Token, now: number, policy: Policy): Step {
  const { credential } = landed;
  const replaced = credential && credential.generation > flight.from;
  if (replaced && credential.token === token.token) return settle(landed);
  if (token.token === flight.refused || token.expiresAt <= now + policy.stale)
    return settle(cooling(landed, now, policy.cooldown), { kind: 'refresh-same-credential' });
  // the cookie may have become somebody else's meanwhile: their token must never finish our requests
  if (isAnothers(landed, token))
    return settle(commit({ ...landed, epoch: landed.epoch + 1 }, token, 'refresh', now), { kind: 'signed-out' });
  return settle(commit(landed, token, 'refresh', now));
}

/** A refresh brought none. Only the auth server's own refusal ends the session. */
export function onFailed(landed: State, failure: Failure, now: number, policy: Policy): Step {
  if (failure.kind === 'session-dead') return settle({ ...landed, credential: null, dead: failure.kind }, failure);
  const wait = Math.min(Math.max(policy.cooldown, askedWait(failure)), policy.cooldownMax);
  return settle(cooling(landed, now, wait), failure);
}

function cooling(state: State, now: number, wait: number): State {
  return { ...state, coolUntil: now + wait };
}

function settle(state: State, failure: Failure | null = null): Step {
  return [state, { do: 'settle', failure }];
}
