import { describe, expect, it } from 'vitest';
import { reduceSocket } from '../../../src/client/socket/reduce.js';
import {
  type Auth,
  defaultSocketPolicy,
  initialSocket,
  type SocketEffect,
  type SocketEvent,
  type SocketState,
} from '../../../src/client/socket/state.js';

const good = (generation: number): Auth => ({ generation, usable: 'yes' });
const down = (kind: 'auth' | 'hidden' | 'network' | 'clean', now = 0): SocketEvent => ({
  type: 'down',
  socket: 1,
  class: kind,
  floor: 0,
  crowd: false,
  now,
});

function following(events: readonly SocketEvent[], from = initialSocket): [SocketState, readonly SocketEffect[]] {
  let effects: readonly SocketEffect[] = [];
  let state: SocketState = from;
  for (const event of events) [state, effects] = reduceSocket(state, event, 0.5, defaultSocketPolicy);
  return [state, effects];
}

const connecting: SocketEvent[] = [{ type: 'connect', auth: good(1) }];
const live: SocketEvent[] = [...connecting, { type: 'opened', socket: 1 }, { type: 'ack', socket: 1 }];
const pointless: SocketEvent = { type: 'unrefreshed', why: 'pointless', floor: 0, now: 0 };
const online = (now: number): SocketEvent => ({ type: 'online', now });

describe('a refresh that was held back, since the credential had just been renewed', () => {
  it('leaves the network to blame where the platform hid why the handshake failed', () => {
    expect(following([...connecting, down('hidden'), pointless])[0].phase).toBe('backoff');
  });

  it('ends it where the server had refused the credential', () => {
    expect(following([...connecting, down('auth'), pointless])[0].phase).toBe('auth-failed');
  });
});

describe('the credential', () => {
  it('that a refresh brought must be a newer one', () => {
    const refreshing = [...connecting, down('auth')];
    expect(following([...refreshing, { type: 'refreshed', auth: good(1) }])[0].phase).toBe('auth-failed');
    expect(following([...refreshing, { type: 'refreshed', auth: good(2) }])[0].phase).toBe('connecting');
  });

  it('that a refresh brought must be good for something', () => {
    const refreshing = [...connecting, down('auth')];
    for (const usable of ['no', 'expired'] as const)
      expect(following([...refreshing, { type: 'refreshed', auth: { generation: 2, usable } }])[0].phase).toBe(
        'auth-failed',
      );
  });

  it('is renewed once for each live period', () => {
    const renewed = [...connecting, down('auth'), { type: 'refreshed', auth: good(2) } as const];
    const lost = (socket: number) => ({ ...down('auth'), socket }) as SocketEvent;
    expect(following([...renewed, lost(2)])[0].phase).toBe('auth-failed');
    const confirmed = [...renewed, { type: 'opened', socket: 2 } as const, { type: 'ack', socket: 2 } as const];
    expect(following([...confirmed, lost(2)])[0].phase).toBe('refreshing');
  });

  it('that is gone when the wait is over is renewed', () => {
    expect(following([...connecting, down('network'), { type: 'due', auth: null, now: 0 }])[0].phase).toBe(
      'refreshing',
    );
  });

  it('that nothing can be done with ends it before it begins', () => {
    const [state, effects] = following([{ type: 'connect', auth: { generation: 1, usable: 'no' } }]);
    expect([state.phase, effects]).toEqual(['auth-failed', []]);
  });

  it('that has expired is renewed first', () => {
    const [state, effects] = following([{ type: 'connect', auth: { generation: 1, usable: 'expired' } }]);
    expect([state.phase, effects.map((effect) => effect.do)]).toEqual(['refreshing', ['refresh']]);
  });
});

it('a clean close rests: a newer credential does not open it again, asking does', () => {
  const rested = [...live, down('clean')];
  expect(following([...rested, { type: 'auth', auth: good(2) }])[0].phase).toBe('idle');
  expect(following([...rested, { type: 'connect', auth: good(2) }])[0].phase).toBe('connecting');
});

it('remembers that the endpoint has worked', () => {
  expect(following(connecting)[0].everLive).toBe(false);
  expect(following([...live, down('network')])[0].everLive).toBe(true);
});

it('tries for five minutes, the last millisecond included', () => {
  const waiting = following([...connecting, down('network', 0)])[0];
  const again = following([{ type: 'due', auth: good(1), now: 1 }], waiting)[0];
  const lost = (now: number) => following([{ ...down('network', now), socket: 2 } as SocketEvent], again)[0].phase;
  expect(lost(300_000)).toBe('backoff');
  expect(lost(300_001)).toBe('failed');
});

describe('the network that is back', () => {
  const waiting = following([...connecting, down('network')])[0];
  const late: SocketState = { ...waiting, due: 2_000 };

  it('cuts the wait to 250 ms', () => {
    expect(waiting.due).toBe(250);
    expect(following([online(0)], late)[1]).toEqual([{ do: 'wait', ms: 250 }]);
  });

  it.each([1_750, 1_751, 2_000])('leaves a wait alone that is as short already (at %i of 2,000 ms)', (now) => {
    expect(following([online(now)], late)).toEqual([late, []]);
  });

  it('cuts it again after 10 s, not before', () => {
    const hurried: SocketState = { ...following([online(0)], late)[0], due: 60_000 };
    expect(following([online(9_999)], hurried)[1]).toEqual([]);
    expect(following([online(10_000)], hurried)[1]).toEqual([{ do: 'wait', ms: 250 }]);
  });
});

describe('what comes too late changes nothing', () => {
  const phases: Record<string, SocketEvent[]> = {
    idle: [],
    connecting,
    confirming: live.slice(0, 2),
    live,
    refreshing: [...connecting, down('auth')],
    backoff: [...connecting, down('network')],
  };
  const late: [SocketEvent, string][] = [
    [{ type: 'opened', socket: 1 }, 'connecting'],
    [{ type: 'ack', socket: 1 }, 'confirming'],
    [{ type: 'due', auth: good(1), now: 0 }, 'backoff'],
    [{ type: 'refreshed', auth: good(2) }, 'refreshing'],
    [pointless, 'refreshing'],
    [online(0), 'backoff'],
  ];
  it.each(late)('%o counts when the connection is %s, and in no other phase', (event, phase) => {
    for (const [other, events] of Object.entries(phases)) {
      const [state] = following(events);
      expect(state.phase).toBe(other);
      if (other !== phase) expect(following([event], state)).toEqual([state, []]);
    }
  });

  it.each<SocketEvent>([{ type: 'opened', socket: 1 }, { type: 'ack', socket: 1 }, down('network')])(
    '%o of an older socket never does',
    (event) => {
      const second = [...connecting, down('network'), { type: 'due', auth: good(1), now: 0 } as const];
      for (const events of [second, [...second, { type: 'opened', socket: 2 } as const]]) {
        const [state] = following(events);
        expect(following([event], state)).toEqual([state, []]);
      }
    },
  );
});

describe('the end', () => {
  it.each<[string, SocketEvent[], SocketEffect[]]>([
    ['at rest', [], []],
    ['with a socket', connecting, [{ do: 'close', socket: 1 }]],
    ['in a refresh', [...connecting, down('auth')], []],
    ['in a wait', [...connecting, down('network')], [{ do: 'stop-waiting' }]],
  ])('%s is final and leaves nothing behind', (_when, events, effects) => {
    const [state, last] = following([...events, { type: 'end' }]);
    expect([state.phase, last]).toEqual(['closed', effects]);
    for (const event of [...connecting, down('auth'), pointless, online(0)])
      expect(following([event], state)).toEqual([state, []]);
  });
});
