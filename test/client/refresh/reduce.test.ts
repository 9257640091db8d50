import { describe, expect, it } from 'vitest';
import { reduce } from '../../../src/client/refresh/reduce.js';
import {
  type Credential,
  defaultPolicy,
  type Event,
  initialState,
  type State,
} from '../../../src/client/refresh/state.js';

const token = (text: string, expiresAt = Number.POSITIVE_INFINITY) => ({ token: text, expiresAt, user: null });

/** The state after these events, one second apart. */
function following(...events: Event[]): State {
  return events.reduce((state, event, index) => reduce(state, event, index * 1_000, defaultPolicy)[0], initialState);
}

const signedIn: Event = { type: 'signed-in', token: token('t0'), by: 'sign-in' };
const ahead: Event = { type: 'ahead' };

function held(state: State): Credential {
  if (!state.credential) throw new Error('nobody is signed in');
  return state.credential;
}

describe('a refresh that is not the one under way', () => {
  const state = following(signedIn, ahead);

  it.each<Event>([
    { type: 'obtained', flight: 7, token: token('late') },
    { type: 'failed', flight: 7, failure: { kind: 'session-dead' } },
    { type: 'abandoned', flight: 7 },
  ])('has nothing to say: $type', (event) => {
    expect(reduce(state, event, 5_000, defaultPolicy)).toEqual([state, { do: 'nothing' }]);
  });

  it('while the one under way has', () => {
    const [next] = reduce(state, { type: 'obtained', flight: 1, token: token('t1') }, 5_000, defaultPolicy);
    expect(next.credential?.token).toBe('t1');
  });
});

describe('a retry that is refused', () => {
  const renewed = following(signedIn, ahead, { type: 'obtained', flight: 1, token: token('t1') });

  it('marks the credential that it was sent with', () => {
    const [next, decision] = reduce(renewed, { type: 'refused-again', used: held(renewed) }, 9_000, defaultPolicy);
    expect(next.credential).toMatchObject({ token: 't1', poisoned: true });
    expect(decision).toEqual({ do: 'reject', failure: { kind: 'auth', reason: 'refused' } });
  });

  it('leaves one alone that came after it', () => {
    const used = held(renewed);
    const newer = following(signedIn, ahead, { type: 'obtained', flight: 1, token: token('t1') }, ahead, {
      type: 'obtained',
      flight: 2,
      token: token('t2'),
    });
    const [next, decision] = reduce(newer, { type: 'refused-again', used }, 9_000, defaultPolicy);
    expect(next.credential).toMatchObject({ token: 't2', poisoned: false });
    expect(decision.do).toBe('reject');
  });

  it('is of a session that died meanwhile', () => {
    const used = held(renewed);
    const dead = following(signedIn, ahead, { type: 'obtained', flight: 1, token: token('t1') }, ahead, {
      type: 'failed',
      flight: 2,
      failure: { kind: 'session-dead' },
    });
    const [, decision] = reduce(dead, { type: 'refused-again', used }, 9_000, defaultPolicy);
    expect(decision).toEqual({ do: 'reject', failure: { kind: 'session-dead' } });
  });
});

const refused = (used: Credential, request = {}): Event => ({
  type: 'refused',
  used,
  request: { replayable: true, refreshed: false, ...request },
});

describe('a session that is not that of the request', () => {
  const first = following(signedIn);
  const second = reduce(first, { type: 'signed-in', token: token('b0'), by: 'sign-in' }, 1_000, defaultPolicy)[0];
  const gone = { do: 'reject', failure: { kind: 'signed-out' } };

  it('has another number', () => {
    expect([initialState, first, second].map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
  });

  it.each<[string, Event]>([
    ['a request', { type: 'request', epoch: 1 }],
    ['a refusal', refused(held(first))],
    ['a refusal of what cannot be sent again', refused(held(first), { replayable: false })],
    ['a retry that is refused', { type: 'refused-again', used: held(first) }],
  ])('gives it nothing: %s', (_what, event) => {
    expect(reduce(second, event, 2_000, defaultPolicy)).toEqual([second, gone]);
  });
});

describe('a refusal', () => {
  const flying = following(signedIn, ahead);
  const renewed = following(signedIn, ahead, { type: 'obtained', flight: 1, token: token('t1') });
  const at = (now: number, event: Event, state = renewed) => reduce(state, event, now, defaultPolicy)[1];

  it('joins the refresh under way, whatever the credential has been through', () => {
    const again = following(signedIn, ahead, { type: 'obtained', flight: 1, token: token('t1') }, ahead);
    expect(at(3_000, refused(held(again)), again)).toEqual({ do: 'wait' });
    expect(at(3_000, refused(held(again), { refreshed: true }), again)).toEqual({ do: 'wait' });
  });

  it('of a credential that another holder wrote again is no reason to send it again', () => {
    const used = held(following(signedIn));
    const again = { ...following(signedIn), credential: { ...used, generation: 2 } };
    expect(at(1_000, refused(used), again)).toEqual({ do: 'wait' });
  });

  it('is held back for as long as the credential is young: counted from when it came', () => {
    // it came at 2,000
    const used = held(renewed);
    expect(at(61_999, refused(used))).toEqual({ do: 'reject', failure: { kind: 'auth-breaker' } });
    expect(at(62_000, refused(used))).toEqual({ do: 'wait' });
    const proven = following(
      signedIn,
      ahead,
      { type: 'obtained', flight: 1, token: token('t1') },
      { type: 'accepted', used },
    );
    expect(at(11_999, refused(used), proven)).toEqual({ do: 'reject', failure: { kind: 'auth-fresh' } });
    expect(at(12_000, refused(used), proven)).toEqual({ do: 'wait' });
  });

  it('in a cool-down is told how long it lasts', () => {
    const failed: Event = {
      type: 'failed',
      flight: 1,
      failure: { kind: 'refresh-unavailable', status: 503, retryAfter: null },
    };
    const [cooling] = reduce(flying, failed, 10_000, defaultPolicy);
    const used = held(cooling);
    expect(at(12_000, refused(used), cooling)).toEqual({
      do: 'reject',
      failure: { kind: 'refresh-cooldown', wait: 3_000 },
    });
    expect(at(15_000, refused(used), cooling)).toEqual({ do: 'wait' });
  });
});

it('a credential at its end is used until the cool-down is over, not in the moment when it is', () => {
  const short = reduce(
    following(),
    { type: 'signed-in', token: token('t0', 20_000), by: 'sign-in' },
    0,
    defaultPolicy,
  )[0];
  const cooling = { ...short, coolUntil: 15_000 };
  const request: Event = { type: 'request', epoch: 1 };
  expect(reduce(cooling, request, 14_999, defaultPolicy)[1].do).toBe('send');
  expect(reduce(cooling, request, 15_000, defaultPolicy)[1].do).toBe('wait');
});

describe('what is known already changes nothing', () => {
  const state = following(signedIn, ahead, { type: 'obtained', flight: 1, token: token('t1') });
  const proven = reduce(state, { type: 'accepted', used: held(state) }, 3_000, defaultPolicy)[0];

  it('a token that another holder wrote, which we have', () => {
    expect(reduce(state, { type: 'adopted', token: token('t1'), by: 'refresh' }, 3_000, defaultPolicy)[0]).toBe(state);
  });

  it('a credential that works, and one that was replaced', () => {
    expect(held(proven).proven).toBe(true);
    expect(reduce(proven, { type: 'accepted', used: held(proven) }, 4_000, defaultPolicy)[0]).toBe(proven);
    const used = held(following(signedIn));
    expect(reduce(state, { type: 'accepted', used }, 4_000, defaultPolicy)[0]).toBe(state);
    expect(reduce(following({ type: 'signed-out' }), { type: 'accepted', used }, 4_000, defaultPolicy)[1].do).toBe(
      'nothing',
    );
  });

  it('a refresh that brings what another holder has written meanwhile', () => {
    const flying = following(signedIn, ahead, { type: 'adopted', token: token('t1'), by: 'refresh' });
    const [next, decision] = reduce(flying, { type: 'obtained', flight: 1, token: token('t1') }, 3_000, defaultPolicy);
    expect(next).toEqual({ ...flying, flight: null });
    expect(decision).toEqual({ do: 'settle', failure: null });
  });
});

it('a refresh that brings another token than what another holder wrote meanwhile has the last word', () => {
  const flying = following(signedIn, ahead, { type: 'adopted', token: token('t1'), by: 'refresh' });
  const [next] = reduce(flying, { type: 'obtained', flight: 1, token: token('t2') }, 3_000, defaultPolicy);
  expect(next.credential).toMatchObject({ token: 't2', generation: 3 });
});

it('a refresh that brings the token of somebody else begins their session, and ends that of those who waited', () => {
  const mine: Event = { type: 'signed-in', token: { ...token('t0'), user: 'a' }, by: 'sign-in' };
  const flying = following(mine, ahead);
  const theirs = { ...token('b0'), user: 'b' };
  const [next, decision] = reduce(flying, { type: 'obtained', flight: 1, token: theirs }, 2_000, defaultPolicy);
  expect(decision).toEqual({ do: 'settle', failure: { kind: 'signed-out' } });
  expect(next).toMatchObject({ epoch: 2, generations: 2, flights: 1, flight: null, dead: null });
  expect(next.credential).toMatchObject({ token: 'b0', user: 'b', epoch: 2, by: 'refresh' });
});
