import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type AuthClientOptions,
  ClientError,
  createAuthClient,
  isToken,
  memoryStore,
  tokenEndpoint,
} from '../../src/client/index.js';
import { settled, VirtualClock } from '../support/virtual-clock.js';
import { jwt, response, Wire, watch } from '../support/wire.js';

let clock: VirtualClock;
let wire: Wire;

beforeEach(() => {
  clock = new VirtualClock();
  wire = new Wire();
});

const clientWith = (options: Partial<AuthClientOptions<Wire['fetch']>> = {}) =>
  createAuthClient({ refresh: wire.refresh, fetch: wire.fetch, clock, random: () => 0.5, ...options });

const now = () => Math.floor(clock.now() / 1000);

describe('client.fetch', () => {
  it.each([
    ['a record', { Accept: 'text/plain' }],
    ['pairs', [['Accept', 'text/plain']]],
    ['Headers', new Headers({ Accept: 'text/plain' })],
  ])('keeps headers given as %s', async (_form, headers) => {
    const client = clientWith({ store: memoryStore('t0') });
    void client.fetch('/me', { headers: headers as never });
    await settled();
    expect(wire.call(0).init.headers).toEqual({ accept: 'text/plain', authorization: 'Bearer t0' });
  });

  it('sends a Request with its method and body, twice where need be', async () => {
    const sent: [string, string][] = [];
    const client = createAuthClient({
      store: memoryStore('t0'),
      refresh: async () => 't1',
      fetch: async (input: Request, init?: RequestInit) => {
        const request = new Request(input, init);
        sent.push([request.headers.get('authorization') ?? '', await request.text()]);
        return new Response(null, { status: sent.length === 1 ? 401 : 200 });
      },
    });
    const request = new Request('http://api.test/', { method: 'POST', body: 'hello' });
    expect((await client.fetch(request)).status).toBe(200);
    expect(sent).toEqual([
      ['Bearer t0', 'hello'],
      ['Bearer t1', 'hello'],
    ]);
  });

  it.each([200, 204, 301, 403, 404, 409, 429, 500, 503])('returns %i as it is', async (status) => {
    const client = clientWith({ store: memoryStore('t0') });
    const outcome = watch(client.fetch('/me'));
    await settled();
    wire.call(0).answer(status);
    await settled();
    expect([outcome.now, wire.refreshes.length]).toEqual([status, 0]);
  });

  it('keeps the credential from other origins, and their 401 from the refresh', async () => {
    const client = clientWith({ store: memoryStore('t0'), origins: ['https://api.test/v1'] });
    const foreign = watch(client.fetch('https://elsewhere.test/me'));
    void client.fetch('https://api.test/me');
    await settled();
    expect(wire.calls.map(({ token }) => token)).toEqual([null, 't0']);
    wire.call(0).answer(401);
    await settled();
    expect([foreign.now, wire.refreshes.length]).toEqual([401, 0]);
  });

  it('leaves an Authorization of the caller alone', async () => {
    const client = clientWith({ store: memoryStore('t0') });
    const outcome = watch(client.fetch('/me', { headers: { Authorization: 'Basic x' } }));
    await settled();
    expect(wire.call(0).init.headers).toEqual({ Authorization: 'Basic x' });
    wire.call(0).answer(401);
    await settled();
    expect([outcome.now, wire.refreshes.length]).toEqual([401, 0]);
  });

  it('tells a network that is down by its code', async () => {
    const client = clientWith({ store: memoryStore('t0') });
    const failed = client.fetch('/me');
    await settled();
    wire.call(0).fail(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }));
    await expect(failed).rejects.toMatchObject({ failure: { kind: 'network', code: 'ECONNREFUSED' } });
  });

  it('rejects an aborted call as fetch does, with a name that callers look for', async () => {
    const client = clientWith({ store: memoryStore('t0') });
    const failed = client.fetch('/me', { signal: AbortSignal.abort('why') });
    await expect(failed).rejects.toMatchObject({ name: 'AbortError', cause: 'why', failure: { kind: 'aborted' } });
    expect(wire.calls).toHaveLength(0);
  });

  it('fetches the first token when there is none, once for all', async () => {
    const client = clientWith();
    const outcomes = [watch(client.fetch('/a')), watch(client.fetch('/b'))];
    await settled();
    wire.refreshing().give('t1');
    await settled();
    expect(wire.calls.map(({ token }) => token)).toEqual(['t1', 't1']);
    for (const call of wire.calls) call.answer(200);
    await settled();
    expect(outcomes.map((outcome) => outcome.now)).toEqual([200, 200]);
    expect(wire.refreshes).toHaveLength(1);
  });

  it('renews a stale credential before it sends', async () => {
    const client = clientWith({ store: memoryStore(jwt({ exp: now() + 60 })) });
    await clock.advance(49_000);
    void client.fetch('/fresh');
    await settled();
    expect(wire.refreshes).toHaveLength(0);
    await clock.advance(1_000);
    void client.fetch('/stale');
    await settled();
    expect([wire.calls.length, wire.refreshes.length]).toEqual([1, 1]);
  });

  it('uses what life is left while the auth server wants to be left alone', async () => {
    const client = clientWith({ store: memoryStore(jwt({ exp: now() + 9 })) });
    const first = watch(client.fetch('/a'));
    await settled();
    wire.refreshing().give({ status: 503 });
    await settled();
    expect(first.now).toBe('refresh-unavailable');
    void client.fetch('/b');
    await settled();
    expect(wire.calls).toHaveLength(1);
    expect(wire.refreshes).toHaveLength(1);
  });

  it('hands an error with the last answer to the application', async () => {
    const client = clientWith({ store: memoryStore('t0') });
    const failed = client.fetch('/me');
    await settled();
    wire.call(0).answer(401);
    await settled();
    wire.refreshing().give('t1');
    await settled();
    wire.call(1).answer(401, { 'www-authenticate': 'Bearer error="invalid_token"' });
    const error = await failed.catch((reason: ClientError) => reason);
    expect(error).toBeInstanceOf(ClientError);
    expect((error as ClientError).response?.headers.get('www-authenticate')).toMatch(/invalid_token/);
  });
});

describe('a refresh that misbehaves', () => {
  const outcomeOf = async (happen: (client: ReturnType<typeof clientWith>) => void | Promise<void>) => {
    const client = clientWith({ store: memoryStore('t0') });
    const outcome = watch(client.fetch('/me'));
    await settled();
    wire.call(0).answer(401);
    await settled();
    await happen(client);
    await settled();
    return [outcome.now, client.snapshot.status, wire.calls.length];
  };

  it.each([
    ['throws', () => wire.refreshing().fail(new Error('no')), 'refresh-unavailable'],
    ['throws nothing at all', () => wire.refreshing().fail(undefined), 'refresh-unavailable'],
    ['never settles', () => clock.advance(30_000), 'refresh-timeout'],
    ['returns the same token', () => wire.refreshing().give('t0'), 'refresh-same-credential'],
    ['returns an expired token', () => wire.refreshing().give(jwt({ exp: now() - 1 })), 'refresh-same-credential'],
    ['returns one about to expire', () => wire.refreshing().give(jwt({ exp: now() + 10 })), 'refresh-same-credential'],
    ['returns HTML', () => wire.refreshing().give('<!doctype html><p>Sign in</p>'), 'refresh-unavailable'],
    ['returns nothing', () => wire.refreshing().give(''), 'refresh-unavailable'],
    ['returns undefined', () => wire.refreshing().give(undefined as never), 'refresh-unavailable'],
    ['returns the text of undefined', () => wire.refreshing().give('undefined'), 'refresh-unavailable'],
    ['returns an object without a token', () => wire.refreshing().give({} as never), 'refresh-unavailable'],
    ['returns a token that is an object', () => wire.refreshing().give({ token: {} } as never), 'refresh-unavailable'],
    ['is limited', () => wire.refreshing().give({ status: 429 }), 'refresh-unavailable'],
    ['breaks', () => wire.refreshing().give({ status: 500 }), 'refresh-unavailable'],
    ['throws a status', () => wire.refreshing().fail({ status: 502 }), 'refresh-unavailable'],
  ])('that %s: the session stays, nothing is sent again', async (_what, happen, kind) => {
    expect(await outcomeOf(async () => void (await happen()))).toEqual([kind, 'unknown', 1]);
  });

  it.each([401, 403])('that is refused with %i: the session is over, terminally', async (status) => {
    const client = clientWith({ store: memoryStore('t0') });
    const outcomes = [watch(client.fetch('/a')), watch(client.fetch('/b'))];
    await settled();
    for (const call of wire.calls) call.answer(401);
    await settled();
    wire.refreshing().give({ status });
    await settled();
    expect(outcomes.map((outcome) => outcome.now)).toEqual(['session-dead', 'session-dead']);
    const later = watch(client.fetch('/c'));
    await clock.advance(600_000);
    expect([later.now, client.snapshot.status]).toEqual(['session-dead', 'session-dead']);
    expect([wire.calls.length, wire.refreshes.length]).toEqual([2, 1]);
    client.signIn('t9');
    void client.fetch('/d');
    await settled();
    expect(wire.call(-1).token).toBe('t9');
  });

  it('that returns its refused Response: Retry-After is heard', async () => {
    const client = clientWith({
      store: memoryStore('t0'),
      refresh: async () => response(429, { 'x-retry-after': '30' }),
    });
    const outcome = client.fetch('/me');
    await settled();
    wire.call(0).answer(401);
    await expect(outcome).rejects.toMatchObject({
      failure: { kind: 'refresh-unavailable', status: 429, retryAfter: 30_000 },
    });
  });

  it('that signs the user out by itself: no dead-lock', async () => {
    const client = clientWith({
      store: memoryStore('t0'),
      refresh: async () => {
        await client.signOut();
        return 't1';
      },
    });
    const outcome = watch(client.fetch('/me'));
    await settled();
    wire.call(0).answer(401);
    await settled();
    expect(outcome.now).toBe('signed-out');
  });
});

describe('the session', () => {
  it('changes once when it is restored, with one call', async () => {
    const client = clientWith({ store: memoryStore({ token: 't0', expiresAt: null, user: 'a' }) });
    const seen: string[] = [];
    client.subscribe(() => seen.push(client.snapshot.status));
    // whose it is said to be is not known either
    expect(client.snapshot).toMatchObject({ status: 'unknown', user: null });
    const restored = [client.restore(), client.restore()];
    await settled();
    wire.refreshing().give('t1');
    expect(await restored[0]).toBe(await restored[1]);
    expect(seen).toEqual(['signed-in']);
    expect(wire.refreshes).toHaveLength(1);
    expect(client.snapshot).toMatchObject({ status: 'signed-in', user: 'a' });
  });

  it('is restored by a validation of the application: valid, not valid, no answer', async () => {
    const restored = async (validate: () => Promise<boolean>, stored: string | null = 't0') => {
      const store = memoryStore(stored);
      const client = clientWith({ store });
      const { status } = await client.restore(validate);
      return [status, store.read()?.token ?? null];
    };
    expect(await restored(async () => true)).toEqual(['signed-in', 't0']);
    expect(await restored(async () => false)).toEqual(['signed-out', null]);
    expect(await restored(() => Promise.reject(new Error('offline')))).toEqual(['unknown', 't0']);
    let asked = 0;
    expect(await restored(async () => ++asked > 0, null)).toEqual(['signed-out', null]);
    expect(asked).toBe(0);
  });

  it('can be restored again, when there is an answer to be had', async () => {
    const client = clientWith({ store: memoryStore('t0') });
    const first = client.restore();
    await settled();
    wire.refreshing().fail(new TypeError('fetch failed'));
    expect((await first).status).toBe('unknown');
    await clock.advance(5_000);
    const second = client.restore();
    await settled();
    wire.refreshing().give('t1');
    expect((await second).status).toBe('signed-in');
    expect(wire.refreshes).toHaveLength(2);
  });

  it('that is over stays as it ended, and nobody is asked', async () => {
    const client = clientWith({ store: memoryStore('t0') });
    const refreshed = watch(client.refresh());
    await settled();
    wire.refreshing().give({ status: 401 });
    await settled();
    let asked = 0;
    expect((await client.restore(async () => ++asked > 0)).status).toBe('session-dead');
    expect([refreshed.now, asked]).toEqual(['session-dead', 0]);
  });

  it('of somebody who signs in meanwhile is not ended by what is found out about the stored one', async () => {
    const client = clientWith({ store: memoryStore('old') });
    let say = (_valid: boolean) => {};
    const restored = client.restore(() => new Promise((resolve) => (say = resolve)));
    client.signIn('new', { user: 'b' });
    say(false);
    expect(await restored).toMatchObject({ status: 'signed-in', user: 'b' });
  });

  it('is signed in once a protected route has answered', async () => {
    const client = clientWith({ store: memoryStore('t0') });
    const outcome = watch(client.fetch('/me'));
    await settled();
    expect(client.snapshot.status).toBe('unknown');
    wire.call(0).answer(200);
    await settled();
    expect([outcome.now, client.snapshot.status]).toEqual([200, 'signed-in']);
  });

  it('is the same object until something changes', async () => {
    const client = clientWith({ store: memoryStore('t0') });
    const before = client.snapshot;
    void client.fetch('/me');
    await settled();
    expect(client.snapshot).toBe(before);
  });

  it('lets a listener call the client: everything is committed by then', async () => {
    const client = clientWith({ store: memoryStore('t0') });
    const tokens: string[] = [];
    client.subscribe(() => void client.token().then((token) => tokens.push(token)));
    const refreshed = client.refresh();
    await settled();
    wire.refreshing().give('t1');
    await refreshed;
    await settled();
    expect(tokens).toEqual(['t1']);
  });

  it.each([
    '',
    ' ',
    'undefined',
    'null',
    '[object Object]',
    'Bearer',
    '<token>',
    'token_placeholder',
    'TOKEN',
    'changeme',
    'xxx',
    'a b',
    'eyJ.eyJ',
  ])('does not take %j for a token, from nobody', async (text) => {
    expect(isToken(text)).toBe(false);
    expect(() => clientWith().signIn(text)).toThrow(TypeError);
    const client = clientWith({ store: memoryStore(text) });
    void client.fetch('/me');
    await settled();
    expect(wire.calls).toHaveLength(0);
    expect(wire.refreshes).toHaveLength(1);
  });
});

it('reads the token route of Better Auth, its refusals and its time', async () => {
  const { signal } = new AbortController();
  const asked: unknown[] = [];
  const good = tokenEndpoint('http://auth.test/api/auth/token', async (...request) => {
    asked.push(request);
    return Response.json({ token: 't1' }, { headers: { date: 'Thu, 01 Jan 2026 00:00:00 GMT' } });
  });
  expect(await good(signal)).toEqual({ token: 't1', date: 'Thu, 01 Jan 2026 00:00:00 GMT' });
  // the session is a cookie, and a token out of a cache is an old one
  const init = { credentials: 'include', cache: 'no-store', signal };
  expect(asked).toEqual([['http://auth.test/api/auth/token', init]]);
  const bad = tokenEndpoint('http://auth.test/api/auth/token', async () => new Response(null, { status: 401 }));
  expect(await bad(signal)).toMatchObject({ status: 401 });
});

it('uses the fetch that the platform has at the time of the call', async () => {
  const client = createAuthClient({ refresh: wire.refresh, store: memoryStore('t0'), clock });
  vi.stubGlobal('fetch', wire.fetch);
  try {
    const answer = watch(client.fetch('http://api.test/me'));
    await settled();
    expect(wire.call(0)).toMatchObject({ url: 'http://api.test/me', token: 't0' });
    wire.call(0).answer(200);
    await settled();
    expect(answer.now).toBe(200);
  } finally {
    vi.unstubAllGlobals();
  }
});

it('fetches a token for somebody who signs in without one', async () => {
  const client = clientWith();
  client.signIn(null, { user: 'a' });
  void client.fetch('/me');
  await settled();
  expect(wire.refreshes).toHaveLength(1);
});

it('tells nothing any more once it is closed', async () => {
  const client = clientWith();
  let told = 0;
  client.subscribe(() => told++);
  client.close();
  client.signIn('t0');
  expect(told).toBe(0);
});

it('has no trouble with a store that tells of no changes', () => {
  const onStoreError = vi.fn();
  clientWith({ store: memoryStore('t0'), onStoreError }).close();
  expect(onStoreError).not.toHaveBeenCalled();
});
