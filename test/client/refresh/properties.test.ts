import { describe, expect, it } from 'vitest';
import {
  ClientError,
  createAuthClient,
  memoryStore,
  type Policy,
  type ResponseLike,
} from '../../../src/client/index.js';
import fc from '../../support/fast-check.js';
import { cases, patience } from '../../support/seed.js';
import { VirtualClock } from '../../support/virtual-clock.js';
import { response } from '../../support/wire.js';

type ApiMode = 'ok' | 'refuses' | 'limits' | 'breaks' | 'unreachable';
type AuthMode = 'ok' | 'limits' | 'breaks' | 'unreachable' | 'hangs' | 'same' | 'html' | 'dead';

type Act =
  | { readonly do: 'request'; readonly giveUpAfter: number | null }
  | { readonly do: 'kill' }
  | { readonly do: 'sign-out' }
  | { readonly do: 'sign-in' }
  | { readonly do: 'api'; readonly mode: ApiMode }
  | { readonly do: 'auth'; readonly mode: AuthMode };

interface Plan {
  readonly policy: Policy;
  readonly initiallyDead: boolean;
  readonly latencies: readonly number[];
  readonly acts: readonly { readonly after: number; readonly act: Act }[];
}

interface Sent {
  readonly request: number;
  readonly at: number;
  readonly token: number;
  status: number | 'error' | null;
}
interface RefreshLog {
  readonly at: number;
  /** the newest token that the client held when it asked */
  readonly held: number;
  end: number | null;
  /** it came back with a new token, in time */
  gave: number | null;
  readonly mode: AuthMode;
}
interface RequestLog {
  readonly from: number;
  to: number | null;
  outcome: string;
  /** the session in which it was made, and that in which it was answered */
  readonly epoch: number;
  endEpoch: number;
  abortedAt: number | null;
}

/** A whole application under a virtual clock: everything that went over the wire is in its logs. */
class World {
  readonly clock = new VirtualClock();
  readonly sent: Sent[] = [];
  readonly refreshes: RefreshLog[] = [];
  readonly requests: RequestLog[] = [];
  readonly store = memoryStore('t0');
  /** times at which the session was over, and not yet begun again */
  readonly over: [from: number, to: number | null][] = [];
  api: ApiMode = 'ok';
  auth: AuthMode = 'ok';
  kills = 0;
  signIns = 0;
  issued = 0;
  epoch = 0;
  #good: number;
  #turn = 0;
  #current = 0;
  readonly client;

  readonly #plan: Plan;
  constructor(plan: Plan) {
    this.#plan = plan;
    this.#good = plan.initiallyDead ? 1 : 0;
    this.client = createAuthClient({
      fetch: this.#fetch,
      refresh: this.#refresh,
      store: this.store,
      clock: this.clock,
      random: () => 0.5,
      policy: plan.policy,
    });
  }

  async run(): Promise<void> {
    for (const { after, act } of this.#plan.acts) {
      await this.clock.advance(after);
      this.#act(act);
    }
    await this.clock.advance(300_000);
  }

  #act(act: Act): void {
    switch (act.do) {
      case 'request':
        this.#request(act.giveUpAfter);
        return;
      case 'kill':
        this.kills++;
        this.#good = this.issued + 1;
        return;
      case 'api':
        this.api = act.mode;
        return;
      case 'auth':
        this.auth = act.mode;
        return;
      case 'sign-out':
        this.epoch++;
        this.#end();
        void this.client.signOut();
        return;
      case 'sign-in': {
        this.epoch++;
        this.signIns++;
        const last = this.over.at(-1);
        if (last && last[1] === null) last[1] = this.clock.monotonic();
        this.issued++;
        this.#good = Math.min(this.#good, this.issued);
        this.client.signIn(`t${this.issued}`);
      }
    }
  }

  #end(): void {
    if (this.over.at(-1)?.[1] !== null) this.over.push([this.clock.monotonic(), null]);
  }

  #request(giveUpAfter: number | null): void {
    const controller = new AbortController();
    const { epoch } = this;
    const from = this.clock.monotonic();
    const log: RequestLog = { from, to: null, outcome: '', epoch, endEpoch: epoch, abortedAt: null };
    const id = this.requests.push(log) - 1;
    const settle = (outcome: string) => {
      log.to = this.clock.monotonic();
      log.outcome = outcome;
      log.endEpoch = this.epoch;
    };
    if (giveUpAfter !== null)
      this.clock.setTimeout(() => {
        if (log.to === null) log.abortedAt = this.clock.monotonic();
        controller.abort();
      }, giveUpAfter);
    this.client.fetch(String(id), { signal: controller.signal }).then(
      ({ status }) => settle(String(status)),
      (error: unknown) => settle(error instanceof ClientError ? error.failure.kind : `bug: ${error}`),
    );
  }

  #latency(): number {
    return this.#plan.latencies[this.#turn++ % this.#plan.latencies.length] ?? 1;
  }

  #later<T>(signal: AbortSignal, what: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      this.clock.setTimeout(() => {
        try {
          resolve(what());
        } catch (error) {
          reject(error);
        }
      }, this.#latency());
    });
  }

  #fetch = (id: string, init: { headers?: Record<string, string>; signal: AbortSignal }): Promise<ResponseLike> => {
    const token = Number(init.headers?.authorization?.replace('Bearer t', ''));
    this.#current = Math.max(this.#current, token);
    const log: Sent = { request: Number(id), at: this.clock.monotonic(), token, status: null };
    this.sent.push(log);
    const { api } = this;
    const answer = (status: number) => {
      log.status = status;
      return response(status);
    };
    return this.#later(init.signal, () => {
      if (api === 'unreachable') {
        log.status = 'error';
        throw new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
      }
      if (api === 'limits') return answer(429);
      if (api === 'breaks') return answer(503);
      return answer(api === 'refuses' || token < this.#good ? 401 : 200);
    });
  };

  #refresh = async (signal: AbortSignal) => {
    const { auth } = this;
    const log: RefreshLog = {
      at: this.clock.monotonic(),
      held: Number(this.store.read()?.token.slice(1) ?? -1),
      end: null,
      gave: null,
      mode: auth,
    };
    this.refreshes.push(log);
    const ended = () => {
      log.end ??= this.clock.monotonic();
    };
    signal.addEventListener('abort', ended, { once: true });
    if (auth === 'hangs') return new Promise<string>(() => {});
    return this.#later(signal, () => {
      ended();
      if (auth === 'unreachable') throw new TypeError('fetch failed');
      if (auth === 'limits') return { status: 429, retryAfter: 7_000 };
      if (auth === 'breaks') return { status: 500 };
      if (auth === 'html') return '<!doctype html>';
      if (auth === 'same') return this.store.read()?.token ?? '';
      if (auth === 'dead') {
        if (!signal.aborted) this.#end();
        return { status: 401 };
      }
      this.issued++;
      if (!signal.aborted) log.gave = this.issued;
      return `t${this.issued}`;
    });
  };
}

const ms = (max: number) => fc.integer({ min: 1, max });
const policy = fc.record<Policy>({
  stale: ms(20_000),
  fresh: fc.integer({ min: 0, max: 20_000 }),
  breaker: fc.integer({ min: 1_000, max: 120_000 }),
  cooldown: fc.integer({ min: 500, max: 10_000 }),
  cooldownMax: fc.integer({ min: 10_000, max: 60_000 }),
  timeout: fc.integer({ min: 1_000, max: 30_000 }),
});
const request = fc.record({ do: fc.constant('request' as const), giveUpAfter: fc.option(ms(3_000), { freq: 5 }) });
const kill = fc.constant<Act>({ do: 'kill' });
const apiModes = fc.constantFrom<ApiMode>('ok', 'ok', 'refuses', 'limits', 'breaks', 'unreachable');
const authModes = fc.constantFrom<AuthMode>(
  'ok',
  'ok',
  'ok',
  'limits',
  'breaks',
  'unreachable',
  'hangs',
  'same',
  'html',
  'dead',
);

const anything = fc.oneof(
  { weight: 10, arbitrary: request },
  { weight: 2, arbitrary: kill },
  { weight: 1, arbitrary: fc.constant<Act>({ do: 'sign-out' }) },
  { weight: 1, arbitrary: fc.constant<Act>({ do: 'sign-in' }) },
  { weight: 2, arbitrary: apiModes.map<Act>((mode) => ({ do: 'api', mode })) },
  { weight: 2, arbitrary: authModes.map<Act>((mode) => ({ do: 'auth', mode })) },
);

const planOf = (act: fc.Arbitrary<Act>, more: Partial<Plan> = {}) =>
  fc
    .record({
      policy,
      initiallyDead: fc.boolean(),
      latencies: fc.array(ms(2_000), { minLength: 1, maxLength: 5 }),
      acts: fc.array(fc.record({ after: fc.oneof(fc.constant(0), ms(300), ms(15_000), ms(90_000)), act }), {
        minLength: 1,
        maxLength: 30,
      }),
    })
    .map((plan): Plan => ({ ...plan, ...more }));

async function worldOf(plan: Plan): Promise<World> {
  const world = new World(plan);
  await world.run();
  return world;
}

const dead = new Set(['session-dead', 'signed-out']);

function holdsAlways(world: World, plan: Plan): void {
  const { refreshes, sent, requests } = world;
  // P1: at most one flight at any time
  for (const [index, { at }] of refreshes.entries()) {
    const before = refreshes[index - 1];
    if (before) expect(before.end, 'P1').not.toBeNull();
    if (before) expect(before.end ?? Number.POSITIVE_INFINITY, 'P1').toBeLessThanOrEqual(at);
  }
  const slowest = Math.max(...plan.latencies);
  for (const [id, { from, to, outcome, abortedAt, epoch, endEpoch }] of requests.entries()) {
    const attempts = sent.filter(({ request }) => request === id);
    // P3: at most two attempts
    expect(attempts.length, 'P3').toBeLessThanOrEqual(2);
    // P4: the second one with a strictly newer token
    const [first, second] = attempts;
    if (first && second) expect(second.token, 'P4').toBeGreaterThan(first.token);
    // P5: settles, within two latencies and one time limit
    expect(to, 'P5').not.toBeNull();
    expect((to ?? 0) - from, 'P5').toBeLessThanOrEqual(2 * slowest + plan.policy.timeout);
    expect(outcome, 'no bugs').not.toMatch(/^bug/);
    // P7: giving up is prompt, and one's own business
    if (abortedAt !== null) expect([outcome, to], 'P7').toEqual(['aborted', abortedAt]);
    else expect(outcome, 'P7').not.toBe('aborted');
    // P8: an answer never reaches somebody who has left
    if (/^\d+$/.test(outcome)) expect(endEpoch, 'P8').toBe(epoch);
  }
  // P6: only the refusal of the newest credential, or having none, starts a refresh
  for (const { at, held } of refreshes) {
    const refused = sent.some(({ token, status }) => token === held && status === 401);
    expect(held === -1 || refused, `P6: a refresh at ${at} although t${held} was never refused`).toBe(true);
  }
  // P8: nothing is sent while nobody is signed in
  for (const [from, to] of world.over)
    for (const { at } of [...sent, ...refreshes])
      expect(at > from && (to === null || at < to), `P8: sent at ${at}, over from ${from} to ${to}`).toBe(false);
  if (world.over.at(-1)?.[1] === null) expect(world.store.read(), 'P8').toBeNull();
  // P9: what is no answer of the auth server never ends the session
  const ended = refreshes.some(({ mode }) => mode === 'dead');
  if (!ended) expect(world.client.snapshot.status, 'P9').not.toBe('session-dead');
  // transient failures keep their distance
  for (const [index, { at }] of refreshes.entries()) {
    const before = refreshes[index - 1];
    const failed = before && ['limits', 'breaks', 'unreachable', 'html', 'same'].includes(before.mode);
    const sameSession = before && !world.over.some(([from]) => from >= before.at && from <= at);
    const interrupted = requests.some(({ abortedAt }) => abortedAt !== null);
    if (failed && sameSession && !interrupted && world.signIns === 0)
      expect(at - (before.end ?? 0), 'cool-down').toBeGreaterThanOrEqual(plan.policy.cooldown);
  }
  expect(world.clock.shortest, 'R16').toBeGreaterThanOrEqual(0);
}

describe('the coordinated refresh, in any world', () => {
  it(
    'P1 P3 P4 P5 P6 P7 P8 P9: holds its promises',
    async () => {
      const outcomes = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(planOf(anything), async (plan) => {
          const world = await worldOf(plan);
          holdsAlways(world, plan);
          for (const { outcome } of world.requests) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        }),
        { numRuns: cases(1_500) },
      );
      // a world that never gets anywhere would hold every promise
      for (const outcome of [
        '200',
        '429',
        '503',
        'network',
        'aborted',
        'auth',
        'auth-breaker',
        ...dead,
        'refresh-timeout',
      ])
        expect(outcomes.get(outcome) ?? 0, `no request ever ended with ${outcome}`).toBeGreaterThan(0);
      for (const outcome of ['refresh-unavailable', 'refresh-same-credential', 'refresh-cooldown', 'auth-fresh'])
        expect(outcomes.get(outcome) ?? 0, `no request ever ended with ${outcome}`).toBeGreaterThan(0);
    },
    patience,
  );

  it(
    'P2: refreshes no more often than credentials die',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          planOf(fc.oneof({ weight: 5, arbitrary: request }, { weight: 1, arbitrary: kill })),
          async (plan) => {
            const world = await worldOf(plan);
            const useful = world.refreshes.filter(({ gave }) => gave !== null).length;
            expect(useful).toBeLessThanOrEqual(world.kills + (plan.initiallyDead ? 1 : 0));
            const lost = world.requests.filter(
              ({ outcome }) => !/^(200|aborted|auth.*|refresh-timeout|refresh-cooldown)$/.test(outcome),
            );
            expect(lost).toEqual([]);
          },
        ),
        { numRuns: cases(500) },
      );
    },
    patience,
  );

  it(
    'P9: limits, broken servers and networks never refresh',
    async () => {
      const trouble = fc
        .constantFrom<ApiMode>('ok', 'limits', 'breaks', 'unreachable')
        .map<Act>((mode) => ({ do: 'api', mode }));
      await fc.assert(
        fc.asyncProperty(planOf(fc.oneof(request, trouble), { initiallyDead: false }), async (plan) => {
          const world = await worldOf(plan);
          expect(world.refreshes).toEqual([]);
          expect(['unknown', 'signed-in']).toContain(world.client.snapshot.status);
        }),
        { numRuns: cases(300) },
      );
    },
    patience,
  );

  it(
    'P10: the same credential again is no reason to try again',
    async () => {
      await fc.assert(
        fc.asyncProperty(planOf(request, { initiallyDead: true }), async (plan) => {
          const world = await worldOf({
            ...plan,
            acts: [{ after: 0, act: { do: 'auth', mode: 'same' } }, ...plan.acts],
          });
          for (const id of world.requests.keys())
            expect(world.sent.filter(({ request }) => request === id).length).toBeLessThanOrEqual(1);
        }),
        { numRuns: cases(200) },
      );
    },
    patience,
  );

  it(
    'P11: a backend that refuses everything costs one refresh per breaker interval',
    async () => {
      await fc.assert(
        fc.asyncProperty(planOf(request), async (plan) => {
          const world = await worldOf({
            ...plan,
            acts: [{ after: 0, act: { do: 'api', mode: 'refuses' } }, ...plan.acts],
          });
          const ends = world.refreshes.filter(({ gave }) => gave !== null);
          for (const [index, { at }] of ends.entries()) {
            const before = ends[index - 1];
            if (before) expect(at - (before.end ?? 0)).toBeGreaterThanOrEqual(plan.policy.breaker);
          }
        }),
        { numRuns: cases(300) },
      );
    },
    patience,
  );
});
