import { describe, expect, it } from 'vitest';
import {
  type AuthSocket,
  type Clock,
  createAuthClient,
  memoryStore,
  type SocketPort,
} from '../../../src/client/index.js';
import fc from '../../support/fast-check.js';
import { cases, patience } from '../../support/seed.js';

/** What a server does with one handshake, step by step; every step comes when the scheduler says so. */
const manners = {
  accepts: ['opened', 'early', 'welcome', 'message'],
  leaves: ['opened', 'welcome', 'message', '1000'],
  breaks: ['opened', 'welcome', '1006'],
  refuses: ['401'],
  closes: ['opened', '4401'],
  'turns away': ['opened', '1000'],
  limits: ['503'],
  'says nothing': ['opened'],
  hangs: [],
} as const;
type Manner = keyof typeof manners;

type Act = 'sign-out' | 'sign-in' | 'call' | 'online' | 'connect';

interface World {
  /** phases that a history ended in */
  readonly ends: Map<string, number>;
  readonly script: readonly Manner[];
  readonly acts: readonly Act[];
  readonly tickets: boolean;
}

/** One history in the order of the scheduler: opens, acks, closes, tokens, tickets, timers and the user, as they come. */
async function play(s: fc.Scheduler, { ends, script, acts, tickets }: World): Promise<void> {
  let now = 0;
  let timers = 0;
  const waiting = new Set<number>();
  const clock: Clock = {
    now: () => 1_800_000_000_000 + now,
    monotonic: () => now,
    // any timer may be late, and late ones come in any order
    setTimeout(run, ms) {
      const id = ++timers;
      const at = now + ms;
      waiting.add(id);
      void s.schedule(Promise.resolve(), `timer of ${ms}`).then(() => {
        if (!waiting.delete(id)) return;
        now = Math.max(now, at);
        run();
      });
      return id;
    },
    clearTimeout: (id) => void waiting.delete(id as number),
  };

  // told at the end: what is thrown into the client's callbacks may be taken for the platform's trouble
  const broken: string[] = [];
  const must = (holds: boolean, promise: string) => void (holds || broken.push(promise));

  let signedIn = true;
  let refreshing = 0;
  let issued = 0;
  const client = createAuthClient({
    clock,
    random: () => 0.5,
    store: memoryStore(),
    refresh: async (signal) => {
      must(++refreshing === 1, 'one refresh at a time');
      // over when it is answered, or given up
      signal.addEventListener('abort', () => refreshing--);
      const token = `t${++issued}`;
      return s.schedule(Promise.resolve(token), `refresh to ${token}`);
    },
    fetch: async (_url: string, _init?: object) => {
      const status = await s.schedule(Promise.resolve(401), 'answer');
      return { status, headers: { get: () => null } };
    },
    policy: { fresh: 0 },
  });

  let handshakes = 0;
  const open = new Set<number>();
  const port: SocketPort = {
    sendsHeaders: false,
    tellsStatus: true,
    open(_request, listener) {
      const socket = ++handshakes;
      must(signedIn, 'no handshake after sign-out');
      open.add(socket);
      must(open.size === 1, 'one connection at a time');
      const steps = manners[script[socket - 1] ?? 'accepts'];
      const serve = async () => {
        for (const step of steps) {
          await s.schedule(Promise.resolve(), `${step} on ${socket}`);
          const status = Number(step);
          if (step === 'opened') listener.opened();
          else if (!status) listener.message(step === 'message' ? `message of ${socket}` : step);
          else {
            open.delete(socket);
            if (status < 1000) listener.down({ type: 'handshake', status, retryAfter: null });
            else listener.down({ type: 'close', code: status, reason: '' });
          }
        }
      };
      void serve();
      const gone = () => void open.delete(socket);
      return { send: () => {}, close: gone, terminate: gone };
    },
  };

  const heard: string[] = [];
  let online = () => {};
  const connect = (): AuthSocket => {
    const socket = client.socket('ws://x/ws', {
      auth: { mode: 'query' },
      port,
      ack: (data) => data === 'welcome',
      online: (listener) => {
        online = listener;
        return () => {};
      },
      policy: { maxAttempts: 4 },
      ...(tickets ? { token: (token: string) => s.schedule(Promise.resolve(`${token}-ticket`), 'ticket') } : {}),
    });
    socket.onMessage((data) => {
      must(signedIn, 'nothing is delivered after sign-out');
      must(socket.status.phase === 'live', 'nothing is delivered before the yes');
      heard.push(String(data));
    });
    return socket;
  };
  const perform: Record<Act, () => void> = {
    'sign-out': () => {
      signedIn = false;
      void client.signOut();
      must(open.size === 0, 'sign-out closes at once');
    },
    'sign-in': () => {
      signedIn = true;
      client.signIn(`u${++issued}`);
      share = connect();
    },
    call: () => void client.fetch('/me').catch(() => {}),
    online: () => online(),
    connect: () => share.connect(),
  };

  client.signIn('t0');
  let share = connect();
  for (const act of acts) void s.schedule(Promise.resolve(), act).then(perform[act]);
  await s.waitIdle();

  expect(broken).toEqual([]);
  // whatever could happen has happened: who still waits now waits for ever
  const { phase } = share.status;
  expect(['idle', 'live', 'auth-failed', 'failed', 'closed', 'connecting']).toContain(phase);
  if (phase === 'connecting') expect(script[handshakes - 1], 'only a handshake without any answer').toBe('hangs');
  expect(open.size).toBe(phase === 'live' || phase === 'connecting' ? 1 : 0);
  if (!signedIn) expect(['closed', 'failed', 'auth-failed']).toContain(phase);
  expect(new Set(heard).size, 'no message twice').toBe(heard.length);
  expect(heard).not.toContain('early');
  expect([...waiting], 'no timer is left').toEqual([]);
  ends.set(phase, (ends.get(phase) ?? 0) + 1);
}

describe('the socket, in any order of what can happen', () => {
  it(
    'W1 W2 W3 W6 W9: opens, acks, closes, tokens, tickets, timers and the user',
    async () => {
      const ends = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(
          fc.scheduler(),
          fc.array(fc.constantFrom(...(Object.keys(manners) as Manner[])), { maxLength: 6 }),
          fc.array(fc.constantFrom<Act>('sign-out', 'sign-in', 'call', 'online', 'connect'), { maxLength: 4 }),
          fc.boolean(),
          (s, script, acts, tickets) => play(s, { ends, script, acts, tickets }),
        ),
        { numRuns: cases(500) },
      );
      for (const phase of ['idle', 'live', 'auth-failed', 'failed', 'closed'])
        expect(ends.get(phase) ?? 0, `no history ended ${phase}`).toBeGreaterThan(0);
    },
    patience,
  );
});
