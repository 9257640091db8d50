import { describe, expect, it } from 'vitest';
import { reduceSocket } from '../../../src/client/socket/reduce.js';
import {
  type Auth,
  defaultSocketPolicy,
  initialSocket,
  type SocketEvent,
  type SocketPolicy,
  type SocketState,
} from '../../../src/client/socket/state.js';
import { hasSocket, isTerminal } from '../../../src/client/socket/step.js';
import fc from '../../support/fast-check.js';
import { cases, patience } from '../../support/seed.js';

const auth = fc.record<Auth>({
  generation: fc.integer({ min: 1, max: 6 }),
  usable: fc.constantFrom('yes', 'yes', 'yes', 'expired', 'no'),
});

/** An event as the world may report it; `behind` makes it speak of an older socket. */
type Happening = { readonly event: SocketEvent; readonly behind: number; readonly stray: boolean };

const classes = fc.constantFrom('auth', 'network', 'network', 'network', 'fatal', 'clean', 'hidden');
const whys = fc.constantFrom('dead', 'later', 'later', 'pointless');
const floor = fc.constantFrom(0, 0, 1_000, 90_000);
const some = <T extends SocketEvent>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });

const event = fc.oneof(
  some(2, fc.record({ type: fc.constant('connect' as const), auth: fc.option(auth) })),
  some(2, fc.record({ type: fc.constant('auth' as const), auth })),
  some(5, fc.constant({ type: 'opened' as const, socket: 0 })),
  some(4, fc.constant({ type: 'ack' as const, socket: 0 })),
  some(
    7,
    fc.record({
      type: fc.constant('down' as const),
      socket: fc.constant(0),
      class: classes,
      floor,
      crowd: fc.boolean(),
      now: fc.constant(0),
    }),
  ),
  some(6, fc.record({ type: fc.constant('due' as const), auth: fc.option(auth, { freq: 8 }), now: fc.constant(0) })),
  some(4, fc.record({ type: fc.constant('refreshed' as const), auth })),
  some(2, fc.record({ type: fc.constant('unrefreshed' as const), why: whys, floor, now: fc.constant(0) })),
  some(1, fc.record({ type: fc.constant('online' as const), now: fc.constant(0) })),
  { weight: 1, arbitrary: fc.constant<SocketEvent>({ type: 'end' }) },
);

const history = fc.array(
  fc.record({
    event,
    natural: fc.integer({ min: 0, max: 9 }).map((n) => n < 7),
    behind: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2),
    stray: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    random: fc.integer({ min: 1, max: 998 }).map((mille) => mille / 1000),
    pause: fc.constantFrom(1, 100, 20_000),
  }),
  { maxLength: 60 },
);

const policies = fc.record<SocketPolicy>({
  backoff: fc.record({ base: fc.integer({ min: 1, max: 2_000 }), cap: fc.integer({ min: 1_000, max: 60_000 }) }),
  maxAttempts: fc.integer({ min: 1, max: 10 }),
  maxElapsed: fc.integer({ min: 60_000, max: 600_000 }),
  hurryFloor: fc.constant(250),
  hurryEvery: fc.constant(10_000),
});

/**
 * What usually comes next, so that histories get far: a server that accepts, then goes away; now and then a yes, now
 * and then a refusal. `random` decides.
 */
function usual({ phase, generation }: SocketState, random: number): SocketEvent {
  const good: Auth = { generation: generation + 1, usable: 'yes' };
  const lost: SocketEvent = { type: 'down', socket: 0, class: 'network', floor: 0, crowd: random > 0.9, now: 0 };
  const refused: SocketEvent = { ...lost, class: 'auth' };
  switch (phase) {
    case 'connecting':
      return random < 0.7 ? { type: 'opened', socket: 0 } : lost;
    case 'confirming':
      return random < 0.1 ? { type: 'ack', socket: 0 } : random < 0.3 ? refused : lost;
    case 'live':
      return random < 0.2 ? refused : lost;
    case 'backoff':
      return { type: 'due', auth: good, now: 0 };
    case 'refreshing':
      return random < 0.8 ? { type: 'refreshed', auth: good } : { type: 'unrefreshed', why: 'later', floor: 0, now: 0 };
    default:
      return { type: 'connect', auth: good };
  }
}

/** What the reducer has asked for and the world has not undone. */
interface Ledger {
  sockets: Set<number>;
  waiting: boolean;
  refreshing: boolean;
  waits: number;
  refreshes: number;
}

/** Whether the world could report this now: a timer that was stopped does not fire, nor a refresh that nobody asked. */
function possible(happening: Happening, ledger: Ledger): boolean {
  const { type } = happening.event;
  if (happening.stray) return true;
  if (type === 'due') return ledger.waiting;
  if (type === 'refreshed' || type === 'unrefreshed') return ledger.refreshing;
  return true;
}

function place(event: SocketEvent, socket: number, now: number): SocketEvent {
  if ('socket' in event) return { ...event, socket, ...('now' in event ? { now } : {}) } as SocketEvent;
  return 'now' in event ? { ...event, now } : event;
}

describe('the socket reducer, whatever happens', () => {
  it(
    'W1 W2 W3 W4 W5 W6 W7 W8 W9 W10: holds its promises',
    () => {
      const reached = new Map<string, number>();
      fc.assert(
        fc.property(history, policies, (happenings, policy) => {
          let state: SocketState = initialSocket;
          let now = 0;
          const ledger: Ledger = { sockets: new Set(), waiting: false, refreshing: false, waits: 0, refreshes: 0 };
          for (const { event: odd, natural, behind: off, stray, random, pause } of happenings) {
            now += pause;
            const raw = natural ? usual(state, random) : odd;
            const behind = natural ? 0 : off;
            if (!possible({ event: raw, behind, stray }, ledger)) continue;
            const event = place(raw, state.socket - behind, now);
            const before = state;
            const [next, effects] = reduceSocket(before, event, random, policy);
            state = next;
            reached.set(state.phase, (reached.get(state.phase) ?? 0) + 1);
            if (event.type === 'due') ledger.waiting = false;
            if (event.type === 'refreshed' || event.type === 'unrefreshed') ledger.refreshing = false;
            // no answer is no refresh
            if (event.type === 'unrefreshed' && event.why === 'later' && before.phase === 'refreshing')
              ledger.refreshes--;
            if (event.type === 'ack' && state.phase === 'live' && before.phase !== 'live') {
              ledger.waits = 0;
              ledger.refreshes = 0;
            }
            for (const effect of effects) {
              if (effect.do === 'open') {
                // W1: only with a confirmed and usable credential at hand
                const known = 'auth' in event ? event.auth : null;
                expect(known?.usable, 'W1').toBe('yes');
                ledger.sockets.add(effect.socket);
                // W3: at most one
                expect(ledger.sockets.size, 'W3').toBe(1);
              }
              if (effect.do === 'close' || effect.do === 'drop') ledger.sockets.delete(effect.socket);
              if (effect.do === 'refresh') {
                ledger.refreshing = true;
                // W5: at most one per live period
                expect(++ledger.refreshes, 'W5').toBeLessThanOrEqual(1);
              }
              if (effect.do === 'wait') {
                ledger.waiting = true;
                // W4: an auth refusal never waits
                expect(event.type === 'down' && event.class === 'auth', 'W4').toBe(false);
                if (event.type === 'online') expect(effect.ms, 'W7').toBe(policy.hurryFloor);
                else {
                  // W8: bounded tries
                  expect(++ledger.waits, 'W8').toBeLessThanOrEqual(policy.maxAttempts);
                  const asked = 'floor' in event ? Math.min(event.floor, policy.maxElapsed) : 0;
                  const crowd = event.type === 'down' && event.crowd;
                  const exponent = Math.max(before.attempt, crowd ? 1 : 0);
                  const bound = Math.min(policy.backoff.cap, policy.backoff.base * 2 ** exponent);
                  // W7: full jitter below the bound, above what the server asked
                  expect(effect.ms, 'W7').toBeCloseTo(Math.max(asked, bound * random), 6);
                  if (asked === 0) expect(effect.ms, 'W7').toBeLessThan(bound);
                }
              }
              if (effect.do === 'stop-waiting') ledger.waiting = false;
              if (effect.do === 'greet') expect(state.phase, 'W2').toBe('confirming');
            }
            // W2: only the server's yes to the current socket makes it live
            if (state.phase === 'live' && before.phase !== 'live')
              expect([event.type, before.phase, 'socket' in event && event.socket], 'W2').toEqual([
                'ack',
                'confirming',
                before.socket,
              ]);
            // W6, W10: terminal states absorb; nothing is left behind
            if (isTerminal(before)) {
              expect(state, 'W10').toBe(before);
              expect(
                effects.every((effect) => effect.do === 'close'),
                'W10',
              ).toBe(true);
            }
            if (isTerminal(state)) expect([ledger.sockets.size, ledger.waiting], 'W6').toEqual([0, false]);
            // W9: something always leads on
            expect(ledger.waiting, 'W9: a timer while backing off, and only then').toBe(state.phase === 'backoff');
            expect(ledger.sockets.size, 'W9: a socket while there should be one').toBe(hasSocket(state) ? 1 : 0);
            if (state.phase === 'refreshing') expect(ledger.refreshing || stray, 'W9').toBe(true);
          }
        }),
        { numRuns: cases(6_000) },
      );
      for (const phase of [
        'idle',
        'refreshing',
        'connecting',
        'confirming',
        'live',
        'backoff',
        'auth-failed',
        'failed',
        'closed',
      ])
        expect(reached.get(phase) ?? 0, `never ${phase}`).toBeGreaterThan(0);
    },
    patience,
  );

  it('W7: two clients that lose one server at once come back apart, all of them within the cap', () => {
    const [first, second] = [0.25, 0.75].map((random) => {
      const live: SocketState = { ...initialSocket, phase: 'live', socket: 1 };
      const down: SocketEvent = { type: 'down', socket: 1, class: 'network', floor: 0, crowd: true, now: 0 };
      return reduceSocket(live, down, random, defaultSocketPolicy)[1].find((effect) => effect.do === 'wait')?.ms;
    });
    // 1012 to everybody: n = 1, so half a second doubled
    expect([first, second]).toEqual([250, 750]);
  });
});
