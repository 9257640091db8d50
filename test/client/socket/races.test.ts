import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type AuthClient,
  type AuthSocket,
  createAuthClient,
  memoryStore,
  type SocketOptions,
} from '../../../src/client/index.js';
import { FakePort } from '../../support/fake-port.js';
import { settled, VirtualClock } from '../../support/virtual-clock.js';
import { jwt, Wire, watch } from '../../support/wire.js';

let clock: VirtualClock;
let wire: Wire;
let port: FakePort;
let client: AuthClient<Wire['fetch']>;
let messages: unknown[];
let online: () => void;

const url = 'ws://api.test/ws';

const row = (name: string, happen: () => void): [string, () => void] => [name, happen];

beforeEach(() => {
  clock = new VirtualClock();
  wire = new Wire();
  port = new FakePort();
  messages = [];
  make();
});
afterEach(() => expect(clock.shortest).toBeGreaterThanOrEqual(0));

function make(random = () => 0.5): void {
  client = createAuthClient({ refresh: wire.refresh, fetch: wire.fetch, clock, random });
}

function connect(options: Partial<SocketOptions> = {}): AuthSocket {
  const socket = client.socket(url, {
    auth: { mode: 'query' },
    port,
    ack: (data) => data === 'welcome',
    online: (listener) => {
      online = listener;
      return () => {};
    },
    ...options,
  });
  socket.onMessage((data) => messages.push(data));
  return socket;
}

/** A live connection of a user who is signed in with `t0`. */
function live(options: Partial<SocketOptions> = {}): AuthSocket {
  client.signIn('t0');
  const socket = connect(options);
  port.accept();
  expect(socket.status.phase).toBe('live');
  return socket;
}

describe('races of the auth-gated socket', () => {
  it('opens nothing before auth is confirmed, then at once', async () => {
    client = createAuthClient({
      refresh: wire.refresh,
      fetch: wire.fetch,
      clock,
      random: () => 0.5,
      store: memoryStore('stored'),
    });
    const socket = connect();
    socket.connect();
    await clock.advance(60_000);
    expect(port.sockets).toHaveLength(0);
    const restored = client.restore();
    await settled();
    wire.refreshing().give('t1');
    await restored;
    expect(port.sockets).toHaveLength(1);
    expect(port.token).toBe('t1');
  });

  it('W1: sign-out while connecting closes the socket, and no answer to the handshake opens it again', async () => {
    client.signIn('t0');
    const socket = connect();
    void client.signOut();
    expect(port.last.closed).toBe(1000);
    expect(socket.status).toEqual({ phase: 'closed', failure: { kind: 'signed-out' } });
    port.last.closed = null;
    port.last.listener.opened();
    port.last.listener.message('welcome');
    port.last.listener.message('secret');
    expect(port.last.closed).toBe(1000);
    await clock.advance(2_000);
    expect(port.last.terminated).toBe(true);
    expect([messages, port.sockets.length, clock.pending]).toEqual([[], 1, 0]);
  });

  it('W2: sign-out between the wait and the next try leaves no timer and opens nothing', async () => {
    const socket = live();
    port.close(1006);
    expect(socket.status.phase).toBe('backoff');
    void client.signOut();
    expect(clock.pending).toBe(0);
    await clock.advance(600_000);
    expect(port.sockets).toHaveLength(1);
  });

  it('W3: an ack after the ack time-out is history', async () => {
    client.signIn('t0');
    const socket = connect();
    const [first] = port.sockets;
    first?.listener.opened();
    await clock.advance(4_999);
    expect(socket.status.phase).toBe('confirming');
    await clock.advance(1);
    expect(socket.status).toMatchObject({ phase: 'backoff', failure: { kind: 'network', code: 'no ack' } });
    expect(first?.terminated).toBe(true);
    first?.listener.message('welcome');
    first?.listener.message('late');
    expect(socket.status.phase).toBe('backoff');
    await clock.advance(250);
    expect(port.sockets).toHaveLength(2);
    first?.listener.message('welcome');
    first?.listener.down({ type: 'close', code: 4401, reason: '' });
    expect(socket.status.phase).toBe('connecting');
    expect(messages).toEqual([]);
  });

  it('W4: auth that is confirmed twice opens one socket', async () => {
    const socket = connect();
    client.signIn('t0');
    socket.release();
    const again = connect();
    const refreshed = client.refresh();
    await settled();
    wire.refreshing().give('t1');
    await refreshed;
    again.connect();
    expect(port.alive).toHaveLength(1);
  });

  it('W5: a 4401 while a refresh for requests is under way shares it', async () => {
    live();
    const request = watch(client.fetch('/me'));
    await settled();
    wire.call(0).answer(401);
    await settled();
    port.close(4401);
    await settled();
    expect(wire.refreshes).toHaveLength(1);
    wire.refreshing().give('t1');
    await settled();
    wire.call(1).answer(200);
    await settled();
    expect(request.now).toBe(200);
    expect(port.sockets).toHaveLength(2);
    expect(port.token).toBe('t1');
    expect(wire.refreshes).toHaveLength(1);
  });

  it('W6: an error and a close of one socket count once', async () => {
    const socket = live();
    const { listener } = port.last;
    listener.down({ type: 'error', code: 'ECONNRESET' });
    listener.down({ type: 'close', code: 1006, reason: '' });
    listener.down({ type: 'close', code: 4401, reason: '' });
    expect(socket.status.phase).toBe('backoff');
    await clock.advance(250);
    expect(port.sockets).toHaveLength(2);
    listener.down({ type: 'close', code: 1006, reason: '' });
    expect(socket.status.phase).toBe('connecting');
    await clock.advance(600_000);
    expect(port.sockets).toHaveLength(2);
  });

  it('W7: messages right behind the handshake are gated by the ack and kept in order', () => {
    client.signIn('t0');
    connect();
    const { listener } = port.last;
    listener.opened();
    for (const text of ['too early', 'welcome', 'a', 'b']) listener.message(text);
    expect(messages).toEqual(['a', 'b']);
  });

  it('W8: a server that accepts and closes 1000 at once costs one refresh, then it is over', async () => {
    client.signIn('t0');
    const socket = connect();
    port.last.listener.opened();
    port.close(1000);
    await settled();
    expect(wire.refreshes).toHaveLength(1);
    wire.refreshing().give('t1');
    await settled();
    expect(port.token).toBe('t1');
    port.last.listener.opened();
    port.close(1000);
    await clock.advance(600_000);
    expect(socket.status).toEqual({ phase: 'auth-failed', failure: { kind: 'auth', reason: 'refused' } });
    expect([port.sockets.length, wire.refreshes.length, clock.pending]).toEqual([2, 1, 0]);
  });

  it('W8: a server that says yes and goes away every time is tried eight times per yes, not for ever faster', async () => {
    const socket = live();
    for (let flap = 0; flap < 3; flap++) {
      port.close(1012);
      await clock.advance(500);
      port.accept();
      expect(socket.status.phase).toBe('live');
    }
    port.close(1006);
    for (let n = 0; n < 8; n++) {
      await clock.advance(0.5 * Math.min(30_000, 500 * 2 ** n));
      expect(port.sockets).toHaveLength(5 + n);
      port.last.listener.opened();
      port.close(1012);
    }
    expect(socket.status.phase).toBe('failed');
    expect(clock.pending).toBe(0);
  });

  it('W9: a network that flaps during the refresh changes nothing about it', async () => {
    const socket = live();
    port.close(4401);
    await settled();
    online();
    port.close(1006);
    expect(socket.status.phase).toBe('refreshing');
    wire.refreshing().give({ status: 503, retryAfter: 8_000 });
    await settled();
    expect(socket.status.phase).toBe('backoff');
    await clock.advance(7_999);
    expect(port.sockets).toHaveLength(1);
    // the token is usable as far as anybody knows: try it, and refresh when it is refused again
    await clock.advance(1);
    expect(port.sockets).toHaveLength(2);
    port.refuse(401);
    await settled();
    wire.refreshing().give('t1');
    await settled();
    expect(port.token).toBe('t1');
  });

  it('W10: a credential that is renewed while live does not reconnect; the server is told where it wants to know', async () => {
    live({ reauth: (token) => `auth ${token}` });
    const refreshed = client.refresh();
    await settled();
    wire.refreshing().give('t1');
    await refreshed;
    expect(port.sockets).toHaveLength(1);
    expect(port.last.sent).toEqual(['auth t1']);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('no ticket')), 250],
    [
      'throws at once',
      () => {
        throw new Error('no ticket');
      },
      250,
    ],
    ['never settles', () => new Promise<string>(() => {}), 10_250],
  ])('W11: a ticket that %s is a failed try, not a dead-lock', async (_what, token, until) => {
    let broken = true;
    client.signIn('t0');
    const socket = connect({ token: () => (broken ? token() : 'ticket') });
    await settled();
    broken = false;
    await clock.advance(until);
    expect(port.sockets).toHaveLength(1);
    expect(port.token).toBe('ticket');
    port.accept();
    expect(socket.status.phase).toBe('live');
  });

  it('W11: a ticket that comes after sign-out opens nothing', async () => {
    let give: (ticket: string) => void = () => {};
    client.signIn('t0');
    connect({
      token: () =>
        new Promise((resolve) => {
          give = resolve;
        }),
    });
    await settled();
    void client.signOut();
    give('ticket');
    await clock.advance(60_000);
    expect(port.sockets).toHaveLength(0);
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
    'changeme',
    'eyJ.x',
  ])('W11: a ticket that is no token (%j) is never sent', async (ticket) => {
    client.signIn('t0');
    const socket = connect({ token: () => ticket });
    await settled();
    if (wire.refreshes.length > 0) wire.refreshing().give('t1');
    await clock.advance(600_000);
    expect(port.sockets).toHaveLength(0);
    expect(socket.status.phase).toBe('auth-failed');
  });

  it('W12: after a long sleep there is one reconnect, whatever timers were due', async () => {
    const socket = live();
    await clock.advance(24_000);
    port.last.listener.pong();
    await clock.sleep(3_600_000);
    expect(socket.status.phase).toBe('backoff');
    port.close(1006);
    await clock.advance(250);
    expect(port.sockets).toHaveLength(2);
    expect(port.alive).toHaveLength(1);
    await clock.advance(2_000);
    expect(port.sockets).toHaveLength(2);
  });

  it('W13: history that comes twice after a reconnect is delivered once, and asked for from where we were', async () => {
    live({ messageId: (data) => String(data).split(' ')[0], resume: (lastId) => `after ${lastId}` });
    for (const text of ['1 a', '2 b']) port.last.listener.message(text);
    port.close(1001);
    await clock.advance(500);
    port.accept();
    expect(port.last.sent).toEqual(['after 2']);
    for (const text of ['1 a', '2 b', '3 c']) port.last.listener.message(text);
    expect(messages).toEqual(['1 a', '2 b', '3 c']);
  });
});

describe('the auth-gated socket', () => {
  it.each([
    ['query', { mode: 'query' as const }, 'ws://api.test/ws?token=t0', [], {}, []],
    [
      'a named query',
      { mode: 'query' as const, name: 'session_token' },
      'ws://api.test/ws?session_token=t0',
      [],
      {},
      [],
    ],
    ['subprotocol', { mode: 'subprotocol' as const }, url, ['bearer', 't0'], {}, []],
    ['header', { mode: 'header' as const }, url, [], { authorization: 'Bearer t0' }, []],
    ['first message', { mode: 'message' as const }, url, [], {}, ['{"type":"auth","token":"t0"}']],
  ])('says who connects by %s', (_name, auth, href, protocols, headers, sent) => {
    client.signIn('t0');
    connect({ auth });
    port.last.listener.opened();
    expect(port.last.request).toEqual({ url: href, protocols, headers });
    expect(port.last.sent).toEqual(sent);
  });

  it('does not promise a header where the platform cannot send one', () => {
    client.signIn('t0');
    expect(() => connect({ auth: { mode: 'header' }, port: new FakePort('browser') })).toThrow(TypeError);
  });

  it.each([
    row('handshake 401', () => port.refuse(401)),
    row('handshake 403', () => port.refuse(403)),
    ...[4401, 4403, 1008, 3000, 3003].map((code) => row(`close ${code}`, () => port.close(code))),
  ])('takes %s for an auth refusal: one refresh, one try with the new token, no timer', async (_name, refuse) => {
    client.signIn('t0');
    const socket = connect();
    refuse();
    await settled();
    expect(clock.pending).toBe(1); // the limit of the refresh
    wire.refreshing().give('t1');
    await settled();
    expect(port.token).toBe('t1');
    refuse();
    await settled();
    expect(['auth-failed', 'failed']).toContain(socket.status.phase);
    expect([port.sockets.length, wire.refreshes.length, clock.pending]).toEqual([2, 1, 0]);
  });

  it('takes a second 403 for a wrong endpoint where no connection has ever worked', async () => {
    client.signIn('t0');
    const socket = connect();
    port.refuse(403);
    await settled();
    wire.refreshing().give('t1');
    await settled();
    port.refuse(403);
    expect(socket.status).toEqual({ phase: 'failed', failure: { kind: 'protocol', what: 'status 403' } });
  });

  it.each([
    ...[429, 500, 502, 503].map((status) => row(`handshake ${status}`, () => port.refuse(status))),
    ...[1001, 1005, 1006, 1011, 1012, 1013, 1014].map((code) => row(`close ${code}`, () => port.close(code))),
    row('a reset', () => port.last.listener.down({ type: 'error', code: 'ECONNRESET' })),
  ])('takes %s for trouble of the network: tries again, without a refresh', async (_name, lose) => {
    client.signIn('t0');
    const socket = connect();
    lose();
    expect(socket.status.phase).toBe('backoff');
    await clock.advance(500);
    expect(port.sockets).toHaveLength(2);
    expect(wire.refreshes).toHaveLength(0);
  });

  it.each([
    ...[200, 301, 400, 404, 426].map((status) => row(`handshake ${status}`, () => port.refuse(status))),
    ...[1002, 1003, 1007, 1009, 1010, 4400, 4406].map((code) => row(`close ${code}`, () => port.close(code))),
    row('a bad certificate', () => port.last.listener.down({ type: 'error', code: 'CERT_HAS_EXPIRED', fatal: true })),
    row('a bad accept key', () =>
      port.last.listener.down({ type: 'error', code: 'WS_ERR_INVALID_ACCEPT', fatal: true }),
    ),
  ])('takes %s for final', async (_name, lose) => {
    client.signIn('t0');
    const socket = connect();
    lose();
    expect(socket.status).toMatchObject({ phase: 'failed', failure: { kind: 'protocol' } });
    await clock.advance(600_000);
    expect([port.sockets.length, wire.refreshes.length, clock.pending]).toEqual([1, 0, 0]);
  });

  it('lets the application have its own classes', async () => {
    const socket = live({ classes: { code: { 4403: 'fatal', 4500: 'auth' } } });
    port.close(4403);
    expect(socket.status.phase).toBe('failed');
  });

  it('rests when the server closes 1000 after its yes, until it is asked again', async () => {
    const socket = live();
    port.close(1000);
    expect(socket.status).toEqual({ phase: 'idle', failure: null });
    await clock.advance(600_000);
    expect(port.sockets).toHaveLength(1);
    socket.connect();
    expect(port.sockets).toHaveLength(2);
  });

  it('waits at least as long as Retry-After says', async () => {
    client.signIn('t0');
    connect();
    port.refuse(503, 12_000);
    await clock.advance(11_999);
    expect(port.sockets).toHaveLength(1);
    await clock.advance(1);
    expect(port.sockets).toHaveLength(2);
  });

  it('gives up after five minutes without a yes', async () => {
    client.signIn('t0');
    const socket = connect({ policy: { maxAttempts: 1_000 } });
    while (socket.status.phase !== 'failed') {
      port.close(1006);
      await clock.advance(30_000);
    }
    expect(clock.monotonic()).toBeLessThanOrEqual(300_000 + 60_000);
    expect(clock.monotonic()).toBeGreaterThan(300_000);
  });

  it('hurries once when the network is back, but not more often than every ten seconds', async () => {
    live();
    for (let n = 0; n < 6; n++) {
      port.close(1006);
      if (n < 5) await clock.advance(30_000);
    }
    const before = port.sockets.length;
    await clock.advance(100);
    online();
    await clock.advance(249);
    expect(port.sockets).toHaveLength(before);
    await clock.advance(1);
    expect(port.sockets).toHaveLength(before + 1);
    port.close(1006);
    online();
    await clock.advance(9_000);
    expect(port.sockets).toHaveLength(before + 1);
  });

  it('a browser asks the auth server once what hides behind 1006, then believes that it is the network', async () => {
    port = new FakePort('browser');
    client.signIn('t0');
    const socket = connect();
    port.close(1006);
    await settled();
    expect(wire.refreshes).toHaveLength(1);
    wire.refreshing().give('t1');
    await settled();
    expect(port.token).toBe('t1');
    port.close(1006);
    expect(socket.status.phase).toBe('backoff');
    await clock.advance(30_000);
    port.accept();
    expect(wire.refreshes).toHaveLength(1);
  });

  it('a browser finds out that the session is over behind a 1006', async () => {
    port = new FakePort('browser');
    client.signIn('t0');
    const socket = connect();
    port.close(1006);
    await settled();
    wire.refreshing().give({ status: 401 });
    await clock.advance(600_000);
    expect(socket.status.phase).toBe('auth-failed');
    expect(port.sockets).toHaveLength(1);
  });

  it('an expired credential is renewed before the first try', async () => {
    const exp = Math.floor(clock.now() / 1000) + 60;
    client.signIn(jwt({ exp }));
    await clock.advance(58_000);
    const socket = connect();
    expect(socket.status.phase).toBe('refreshing');
    await settled();
    wire.refreshing().give('t1');
    await settled();
    expect(port.token).toBe('t1');
  });

  it('pings every 25 seconds and gives up a silent connection after 45', async () => {
    const socket = live();
    await clock.advance(25_000);
    expect(port.last.pings).toBe(1);
    port.last.listener.pong();
    await clock.advance(25_000);
    expect(port.last.pings).toBe(2);
    await clock.advance(19_999);
    expect(socket.status.phase).toBe('live');
    await clock.advance(1);
    expect(socket.status).toMatchObject({ phase: 'backoff', failure: { code: 'close 1006' } });
    expect(port.last.terminated).toBe(true);
  });

  it('gives up after two pings without an answer, where silence is allowed for longer', async () => {
    const socket = live({ heartbeat: { every: 10_000 } });
    await clock.advance(29_999);
    expect(socket.status.phase).toBe('live');
    await clock.advance(1);
    expect(socket.status.phase).toBe('backoff');
    expect(port.last.pings).toBe(2);
  });

  it('without an ack counts as confirmed with the first message, or when it has stayed for a second', async () => {
    client.signIn('t0');
    const socket = connect({ ack: undefined as never, channel: 'a' });
    port.last.listener.opened();
    expect(socket.status.phase).toBe('confirming');
    port.last.listener.message('hello');
    expect(socket.status.phase).toBe('live');
    expect(messages).toEqual(['hello']);
    const other = connect({ ack: undefined as never, channel: 'b' });
    port.last.listener.opened();
    await clock.advance(999);
    expect(other.status.phase).toBe('confirming');
    await clock.advance(1);
    expect(other.status.phase).toBe('live');
  });

  it('sends only while live, and says so', () => {
    client.signIn('t0');
    const socket = connect();
    expect(socket.send('a')).toBe(false);
    port.accept();
    expect(socket.send('b')).toBe(true);
    port.close(1006);
    expect(socket.send('c')).toBe(false);
    expect(port.last.sent).toEqual(['b']);
  });

  it('an error of the application in a listener stays its own', async () => {
    const socket = live();
    const caught: unknown[] = [];
    const note = (error: unknown) => caught.push(error);
    const before = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', note);
    socket.onMessage(() => {
      throw new Error('mine');
    });
    const after: unknown[] = [];
    socket.onMessage((data) => after.push(data));
    port.last.listener.message('a');
    await settled();
    process.off('uncaughtException', note);
    for (const listener of before) process.on('uncaughtException', listener);
    expect(after).toEqual(['a']);
    expect(caught).toMatchObject([{ message: 'mine' }]);
    expect(socket.status.phase).toBe('live');
  });
});

describe('the registry of connections', () => {
  it('gives all who ask the same connection, and closes it a second after the last has gone', async () => {
    client.signIn('t0');
    const shares = [connect(), connect(), connect()];
    port.accept();
    expect(port.sockets).toHaveLength(1);
    port.last.listener.message('a');
    expect(messages).toEqual(['a', 'a', 'a']);
    for (const share of shares.slice(1)) share.release();
    shares[1]?.release();
    await clock.advance(5_000);
    expect(port.last.closed).toBeNull();
    shares[0]?.release();
    await clock.advance(999);
    expect(port.last.closed).toBeNull();
    await clock.advance(1);
    expect(port.last.closed).toBe(1000);
    port.last.listener.message('b');
    expect(messages).toEqual(['a', 'a', 'a']);
  });

  it('keeps the connection for who comes back within the second', async () => {
    const socket = live();
    socket.release();
    await clock.advance(999);
    connect();
    await clock.advance(20_000);
    expect(port.sockets).toHaveLength(1);
    expect(socket.send('x')).toBe(false);
  });

  it('keeps channels apart', () => {
    client.signIn('t0');
    connect({ channel: 'a' });
    connect({ channel: 'b' });
    expect(port.alive).toHaveLength(2);
  });

  it('closes everything of the old user before anything of the new one opens', async () => {
    live();
    client.signIn('b0', { user: 'b' });
    expect(port.last.closed).toBe(1000);
    const socket = connect();
    expect(port.token).toBe('b0');
    expect(port.alive).toHaveLength(1);
    port.accept();
    expect(socket.status.phase).toBe('live');
  });

  it('closes sockets before sign-out is told to the server', async () => {
    live();
    let seen: number | null = null;
    await client.signOut(async () => {
      seen = port.last.closed;
    });
    expect(seen).toBe(1000);
  });

  it('makes a new connection for one that has ended', async () => {
    const socket = live();
    port.close(4400);
    expect(socket.status.phase).toBe('failed');
    connect();
    expect(port.sockets).toHaveLength(2);
  });
});
