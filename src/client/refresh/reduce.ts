import type { Failure } from '../failure.js';
import type { Credential, Decision, Event, Policy, State, Token, Used } from './state.js';

type Step = readonly [State, Decision];

const nothing: Decision = { do: 'nothing' };

/**
 * The coordinated refresh, as a function: at most one flight, nothing of an older epoch counts, a request is retried
 * once and only with a newer credential, and a backend that refuses everything costs one refresh per `breaker`.
 */
export function reduce(state: State, event: Event, policy: Policy): Step {
  switch (event.type) {
    case 'request':
      return onRequest(state, event.epoch, event.now, policy);
    case 'accepted':
      return [prove(state, event.used), nothing];
    case 'refused':
      return onRefused(state, event, policy);
    case 'ahead':
      return state.dead ? reject(state, { kind: state.dead }) : refresh(state, event.now);
    case 'obtained':
      return onObtained(state, event.flight, event.token, event.now, policy);
    case 'failed':
      return onFailed(state, event.flight, event.failure, event.now, policy);
    case 'abandoned':
      return [state.flight?.id === event.flight ? { ...state, flight: null } : state, nothing];
    case 'signed-in':
      return [newEpoch(state, event.token, event.by, event.now), nothing];
    case 'adopted':
      return [adopt(state, event.token, event.by, event.now), nothing];
    case 'signed-out':
      return [{ ...newEpoch(state, null, 'store', 0), dead: 'signed-out' }, nothing];
  }
}

function onRequest(state: State, epoch: number, now: number, policy: Policy): Step {
  if (state.dead) return reject(state, { kind: state.dead });
  if (epoch !== state.epoch) return reject(state, { kind: 'signed-out' });
  const { credential } = state;
  if (credential && credential.expiresAt - now > policy.stale) return [state, { do: 'send', credential }];
  // while no refresh may start, what little life is left is better than nothing
  if (credential && credential.expiresAt > now && !state.flight && now < state.coolUntil)
    return [state, { do: 'send', credential }];
  return refresh(state, now);
}

function onRefused(state: State, event: Event & { type: 'refused' }, policy: Policy): Step {
  const { used, now } = event;
  if (state.dead) return reject(state, { kind: state.dead });
  if (used.epoch !== state.epoch) return reject(state, { kind: 'signed-out' });
  const { credential } = state;
  const current = credential?.generation === used.generation;
  if (event.attempt === 2) {
    const poisoned = current && credential.by === 'refresh' && !credential.proven;
    return reject(poisoned ? { ...state, credential: { ...credential, poisoned: true } } : state, refusedAuth);
  }
  if (!event.replayable) return reject(state, { kind: 'auth', reason: 'body-not-replayable' });
  // a late 401: the credential has been replaced since this request was sent
  if (credential && credential.generation > used.generation && credential.token !== used.token)
    return [state, { do: 'send', credential }];
  if (state.flight) return [state, { do: 'wait', flight: state.flight }];
  if (event.refreshed) return reject(state, refusedAuth);
  const guard = credential && stormGuard(credential, now, policy);
  return guard ? reject(state, guard) : refresh(state, now);
}

const refusedAuth: Failure = { kind: 'auth', reason: 'refused' };

/** Holds back a refresh that would most likely be in vain; what one request learnt protects all later ones. */
function stormGuard(credential: Credential, now: number, policy: Policy): Failure | null {
  if (credential.by !== 'refresh') return null;
  const age = now - credential.obtainedAt;
  if ((credential.poisoned || !credential.proven) && age < policy.breaker) return { kind: 'auth-breaker' };
  return age < policy.fresh ? { kind: 'auth-fresh' } : null;
}

/** Joins the flight, or starts one where none is under way and none failed a moment ago. */
function refresh(state: State, now: number): Step {
  if (state.flight) return [state, { do: 'wait', flight: state.flight }];
  if (now < state.coolUntil) return reject(state, { kind: 'refresh-cooldown', wait: state.coolUntil - now });
  const { credential } = state;
  const id = state.flights + 1;
  const flight = { id, from: credential?.generation ?? 0, refused: credential?.token ?? null };
  return [
    { ...state, flights: id, flight },
    { do: 'wait', flight },
  ];
}

function onObtained(state: State, id: number, token: Token, now: number, policy: Policy): Step {
  const { flight, credential } = state;
  if (flight?.id !== id) return [state, nothing];
  const landed = { ...state, flight: null };
  const replaced = credential && credential.generation > flight.from;
  if (replaced && credential.token === token.token) return [landed, { do: 'settle', failure: null }];
  if (token.token === flight.refused || token.expiresAt <= now + policy.stale)
    return [
      { ...landed, coolUntil: now + policy.cooldown },
      { do: 'settle', failure: { kind: 'refresh-same-credential' } },
    ];
  // the cookie may have become somebody else's meanwhile: their token must never finish our requests
  if (credential?.user && token.user && credential.user !== token.user)
    return [
      commit({ ...landed, epoch: state.epoch + 1 }, token, 'refresh', now),
      { do: 'settle', failure: { kind: 'signed-out' } },
    ];
  return [commit(landed, token, 'refresh', now), { do: 'settle', failure: null }];
}

function onFailed(state: State, id: number, failure: Failure, now: number, policy: Policy): Step {
  if (state.flight?.id !== id) return [state, nothing];
  const landed = { ...state, flight: null };
  if (failure.kind === 'session-dead')
    return [
      { ...landed, credential: null, dead: 'session-dead' },
      { do: 'settle', failure },
    ];
  const asked = failure.kind === 'refresh-unavailable' ? (failure.retryAfter ?? 0) : 0;
  const wait = Math.min(Math.max(policy.cooldown, asked), policy.cooldownMax);
  return [
    { ...landed, coolUntil: now + wait },
    { do: 'settle', failure },
  ];
}

/** A token from another holder of the same session: news, unless we have it or it is somebody else's. */
function adopt(state: State, token: Token, by: Credential['by'], now: number): State {
  const { credential } = state;
  if (credential?.token === token.token) return state;
  if (state.dead || (credential?.user && token.user && credential.user !== token.user))
    return newEpoch(state, token, 'sign-in', now);
  return commit(state, token, by, now);
}

function newEpoch(state: State, token: Token | null, by: Credential['by'], now: number): State {
  const fresh: State = {
    ...state,
    epoch: state.epoch + 1,
    credential: null,
    flight: null,
    dead: null,
    coolUntil: Number.NEGATIVE_INFINITY,
  };
  return token ? commit(fresh, token, by, now) : fresh;
}

function commit(state: State, token: Token, by: Credential['by'], now: number): State {
  const generation = state.generations + 1;
  const user = token.user ?? state.credential?.user ?? null;
  const credential = { ...token, user, generation, obtainedAt: now, by, proven: false, poisoned: false };
  return { ...state, generations: generation, credential, coolUntil: Number.NEGATIVE_INFINITY };
}

function prove(state: State, used: Used): State {
  const { credential } = state;
  if (!credential || credential.proven || used.epoch !== state.epoch || credential.generation !== used.generation)
    return state;
  return { ...state, credential: { ...credential, proven: true } };
}

function reject(state: State, failure: Failure): Step {
  return [state, { do: 'reject', failure }];
}
