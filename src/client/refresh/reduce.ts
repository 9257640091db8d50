import type { Failure } from '../failure.js';
import { adopt, newEpoch, prove } from './epoch.js';
import { onFailed, onObtained } from './landing.js';
import type { Credential, Decision, Event, Policy, Refused, State, Step } from './state.js';

const nothing: Decision = { do: 'nothing' };
const refusedAuth: Failure = { kind: 'auth', reason: 'refused' };

/**
 * The coordinated refresh, as a function: at most one flight, nothing of an older epoch counts, a request is retried
 * once and only with a newer credential, and a backend that refuses everything costs one refresh per `breaker`.
 *
 * @param now monotonic milliseconds
 */
export function reduce(state: State, event: Event, now: number, policy: Policy): Step {
  switch (event.type) {
    case 'request':
      return onRequest(state, event.epoch, now, policy);
    case 'accepted':
      return [prove(state, event.used), nothing];
    case 'refused':
      return onRefused(state, event.used, event.request, now, policy);
    case 'refused-again':
      return onRefusedAgain(state, event.used);
    case 'ahead':
      return refresh(state, state.epoch, now);
    case 'signed-in':
      return [newEpoch(state, event.token, event.by, now), nothing];
    case 'adopted':
      return [adopt(state, event.token, event.by, now), nothing];
    case 'signed-out':
      return [{ ...newEpoch(state, null, 'store', now), dead: 'signed-out' }, nothing];
  }
  // a flight that is over, or was given up, has nothing more to say
  if (event.flight !== state.flight?.id) return [state, nothing];
  const landed = { ...state, flight: null };
  switch (event.type) {
    case 'obtained':
      return onObtained(landed, state.flight, event.token, now, policy);
    case 'failed':
      return onFailed(landed, event.failure, now, policy);
    case 'abandoned':
      return [landed, nothing];
  }
}

/** Why nothing is done for work of this epoch any more, or null. */
export function overFor(epoch: number, { dead, epoch: current }: State): Failure | null {
  return dead || epoch !== current ? { kind: dead ?? 'signed-out' } : null;
}

function onRequest(state: State, epoch: number, now: number, policy: Policy): Step {
  const { credential, flight, coolUntil } = state;
  // while no refresh may start, what little life is left is better than nothing
  const least = !flight && now < coolUntil ? 0 : policy.stale;
  if (credential && !overFor(epoch, state) && credential.expiresAt - now > least) return send(state, credential);
  return refresh(state, epoch, now);
}

function onRefused(state: State, used: Credential, request: Refused, now: number, policy: Policy): Step {
  const { credential } = state;
  const over = overFor(used.epoch, state);
  if (over) return reject(state, over);
  if (!request.replayable) return reject(state, { kind: 'auth', reason: 'body-not-replayable' });
  // a late 401: the credential has been replaced since this request was sent
  if (credential && credential.generation > used.generation && credential.token !== used.token)
    return send(state, credential);
  if (!state.flight) {
    const guard = request.refreshed ? refusedAuth : credential && stormGuard(credential, now, policy);
    if (guard) return reject(state, guard);
  }
  return refresh(state, used.epoch, now);
}

function onRefusedAgain(state: State, used: Credential): Step {
  const { credential } = state;
  const over = overFor(used.epoch, state);
  if (over) return reject(state, over);
  const poisoned = credential?.generation === used.generation && credential.by === 'refresh' && !credential.proven;
  return reject(poisoned ? { ...state, credential: { ...credential, poisoned } } : state, refusedAuth);
}

/** Holds back a refresh that would most likely be in vain; what one request learnt protects all later ones. */
function stormGuard(credential: Credential, now: number, policy: Policy): Failure | null {
  if (credential.by !== 'refresh') return null;
  const age = now - credential.obtainedAt;
  if ((credential.poisoned || !credential.proven) && age < policy.breaker) return { kind: 'auth-breaker' };
  return age < policy.fresh ? { kind: 'auth-fresh' } : null;
}

/** Joins the flight, or starts one where none is under way and none failed a moment ago. */
function refresh(state: State, epoch: number, now: number): Step {
  const over = overFor(epoch, state);
  if (over) return reject(state, over);
  if (state.flight) return [state, { do: 'wait' }];
  if (now < state.coolUntil) return reject(state, { kind: 'refresh-cooldown', wait: state.coolUntil - now });
  const { credential } = state;
  const id = state.flights + 1;
  const flight = { id, from: credential?.generation ?? 0, refused: credential?.token ?? null };
  return [{ ...state, flights: id, flight }, { do: 'wait' }];
}

function send(state: State, credential: Credential): Step {
  return [state, { do: 'send', credential }];
}

function reject(state: State, failure: Failure): Step {
  return [state, { do: 'reject', failure }];
}
