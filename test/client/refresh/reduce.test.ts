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
