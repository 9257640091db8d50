import { beforeEach, describe, expect, it } from 'vitest';
import {
  type AuthClient,
  type AuthSocket,
  createAuthClient,
  type DownSignal,
  type Failure,
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

beforeEach(() => {
  clock = new VirtualClock();
  wire = new Wire();
  port = new FakePort();
  messages = [];
  client = createAuthClient({ refresh: wire.refresh, fetch: wire.fetch, clock, random: () => 0.5 });
});

function connect(options: Partial<SocketOptions> = {}, url = 'ws://api.test/ws'): AuthSocket {
  const socket = client.socket(url, { auth: { mode: 'query' }, port, ack: (data) => data === 'welcome', ...options });
  socket.onMessage((data) => messages.push(data));
  return socket;
}

function live(options: Partial<SocketOptions> = {}): AuthSocket {
  client.signIn('t0');
  const socket = connect(options);
  port.accept();
  expect(socket.status).toEqual({ phase: 'live', failure: null });
  return socket;
}

/** A token that lives so long, by the clock of the test. */
const tokenFor = (seconds: number, n: number) => jwt({ exp: clock.now() / 1000 + seconds, n });

describe('what the application is told of a lost connection', () => {
  const handshake = (status: number, retryAfter: number | null = null): DownSignal => ({
    type: 'handshake',
    status,
    retryAfter,
  });
  const rows: [string, DownSignal, string, Failure][] = [
    ['a limit', handshake(429, 7_000), 'backoff', { kind: 'rate-limited', retryAfter: 7_000 }],
    ['a broken server', handshake(500), 'backoff', { kind: 'server', status: 500 }],
    ['a wrong path', handshake(404), 'failed', { kind: 'protocol', what: 'status 404' }],
    ['a limit that the table calls fatal', handshake(420), 'failed', { kind: 'protocol', what: 'status 420' }],
    ['a status that the table calls passing', handshake(418), 'backoff', { kind: 'network', code: 'status 418' }],
    ['a broken server that the table calls fatal', handshake(503), 'failed', { kind: 'protocol', what: 'status 503' }],
    ['a reset', { type: 'error', code: 'ECONNRESET' }, 'backoff', { kind: 'network', code: 'ECONNRESET' }],
    ['nothing', { type: 'error', code: null }, 'backoff', { kind: 'network', code: 'no answer' }],
    [
      'a bad certificate',
      { type: 'error', code: 'CERT_EXPIRED', fatal: true },
      'failed',
      { kind: 'protocol', what: 'CERT_EXPIRED' },
    ],
    ['a close', { type: 'close', code: 1006, reason: '' }, 'backoff', { kind: 'network', code: 'close 1006' }],
    ['a fatal close', { type: 'close', code: 1009, reason: '' }, 'failed', { kind: 'protocol', what: 'close 1009' }],
  ];
  it.each(rows)('%s', async (_name, signal, phase, failure) => {
    client.signIn('t0');
    const socket = connect({ classes: { status: { 418: 'network', 420: 'fatal', 503: 'fatal' } } });
    port.last.listener.down(signal);
    expect(socket.status).toEqual({ phase, failure });
    if (failure.kind === 'rate-limited') expect(clock.next).toBe(7_000);
  });

  it.each([
    [1001, 500],
    [1012, 500],
    [1006, 250],
  ])('a close with %i is tried again after %i ms: all clients are sent away by some', (code, ms) => {
    const socket = live();
    port.close(code);
    expect([socket.status.phase, clock.next]).toEqual(['backoff', ms]);
  });
});

describe('a message that refuses', () => {
  const refusal = (data: unknown) =>
    data === 'denied' ? 'auth' : data === 'broken' ? 'fatal' : data === 'busy' ? 'network' : null;
  const unheard = () => expect(messages.filter((data) => data !== 'news')).toEqual([]);

  it.each([
    ['denied', 'refreshing', { kind: 'auth', reason: 'refused' }],
    ['broken', 'failed', { kind: 'protocol', what: 'refused by message' }],
    ['busy', 'backoff', { kind: 'network', code: 'refused by message' }],
  ])('is one before the yes and after it: %s', (word, phase, failure) => {
    client.signIn('t0');
    const early = connect({ refusal, channel: 'early' });
    port.last.listener.opened();
    port.last.listener.message(word);
    expect(early.status).toEqual({ phase, failure: phase === 'refreshing' ? early.status.failure : failure });
    const late = live({ refusal, channel: 'late' });
    port.last.listener.message('news');
    port.last.listener.message(word);
    expect(late.status).toEqual({ phase, failure });
    expect(messages).toContain('news');
    unheard();
  });

  it('is no yes, and no message, where no ack is declared', () => {
    client.signIn('t0');
    const socket = connect({ refusal, ack: undefined as never });
    port.last.listener.opened();
    port.last.listener.message('busy');
    expect(socket.status.phase).toBe('backoff');
    unheard();
  });
});

describe('the first moments of a connection', () => {
  it('a platform that does not take the address ends it, and that is the last thing told', () => {
    client.signIn('t0');
    const told: string[] = [];
    port.open = () => {
      throw new SyntaxError('not a subprotocol');
    };
    const socket = connect();
    socket.subscribe(() => told.push(socket.status.phase));
    expect(socket.status).toEqual({ phase: 'failed', failure: { kind: 'protocol', what: 'refused by the platform' } });
    expect(told).toEqual([]);
  });

  it('nobody signed in yet is no failure', () => {
    expect(connect().status).toEqual({ phase: 'idle', failure: null });
  });

  it('a message before the opening is none', () => {
    client.signIn('t0');
    const socket = connect({ ack: undefined as never, messageId: String });
    port.last.listener.message('first');
    expect([socket.status.phase, messages]).toEqual(['connecting', []]);
    port.last.listener.opened();
    // it does not count as delivered either
    port.last.listener.message('first');
    expect([socket.status.phase, messages]).toEqual(['live', ['first']]);
  });

  it('who signs out in the moment of the yes hears nothing', () => {
    client.signIn('t0');
    const socket = connect({ ack: undefined as never });
    socket.subscribe(() => {
      if (socket.status.phase === 'live') void client.signOut();
    });
    port.last.listener.opened();
    port.last.listener.message('secret');
    expect([socket.status.phase, messages]).toEqual(['closed', []]);
  });

  it('asks for nothing where nothing was heard before, and not at all where that was not wanted', async () => {
    const messageId = (data: unknown) => /^m\d/.exec(String(data))?.[0];
    live({ messageId, resume: (lastId) => `after ${lastId}`, channel: 'resumes' });
    expect(port.last.sent).toEqual([]);
    live({ messageId, channel: 'does not' });
    port.last.listener.message('m1');
    port.close(1006);
    await clock.advance(250);
    port.accept();
    expect(port.last.sent).toEqual([]);
    expect(messages).toEqual(['m1']);
  });

  it('a ticket in time leaves no timer, and its maker is told that it is over', async () => {
    client.signIn('t0');
    let told: AbortSignal | undefined;
    const socket = connect({
      token: async (credential, signal) => {
        told = signal;
        return `${credential}-ticket`;
      },
    });
    await settled();
    expect([port.token, clock.pending, told?.aborted]).toEqual(['t0-ticket', 0, true]);
    port.accept();
    expect(socket.status.phase).toBe('live');
  });

  it.each([
    ['no ticket', async () => Promise.reject(new Error('the route is down')), 'backoff'],
    ['no ack', undefined, 'backoff'],
  ] as const)('%s is told as such', async (code, token, phase) => {
    client.signIn('t0');
    const socket = connect(token ? { token } : {});
    await settled();
    if (!token) {
      port.last.listener.opened();
      await clock.advance(5_000);
    }
    expect(socket.status).toEqual({ phase, failure: { kind: 'network', code } });
  });
});

describe('the credential of a connection', () => {
  it('is not renewed again a moment after it was: a second refusal is final', async () => {
    const socket = live();
    port.close(4401);
    await settled();
    wire.refreshing().give('t1');
    await settled();
    port.accept();
    port.close(4401);
    await settled();
    expect(socket.status).toEqual({ phase: 'auth-failed', failure: { kind: 'auth', reason: 'refused' } });
    expect([wire.refreshes.length, clock.pending]).toEqual([1, 0]);
  });

  it('that comes back from the refresh as it was is final', async () => {
    const socket = live();
    port.close(4401);
    await settled();
    wire.refreshing().give('t0');
    await settled();
    expect([socket.status.phase, port.sockets.length, clock.pending]).toEqual(['auth-failed', 1, 0]);
  });

  it('is tried again later where the auth server has no answer', async () => {
    const socket = live();
    port.close(4401);
    await settled();
    wire.refreshing().give({ status: 503, retryAfter: 20_000 });
    await settled();
    expect([socket.status.phase, clock.next]).toEqual(['backoff', 20_000]);
  });

  it('that has just what life is needed is renewed before it is used', async () => {
    client.signIn(tokenFor(5, 0));
    const socket = connect();
    await settled();
    expect([socket.status.phase, port.sockets.length, wire.refreshes.length]).toEqual(['refreshing', 0, 1]);
    wire.refreshing().give(tokenFor(900, 1));
    await settled();
    expect(socket.status.phase).toBe('connecting');
  });

  it('is renewed at its end however young it is, since nobody refused it', async () => {
    const socket = live();
    port.close(4401);
    await settled();
    wire.refreshing().give(tokenFor(12, 1));
    await settled();
    port.accept();
    await clock.advance(7_900);
    port.close(1006);
    await clock.advance(250);
    expect([socket.status.phase, wire.refreshes.length]).toEqual(['refreshing', 2]);
    wire.refreshing().give(tokenFor(900, 2));
    await settled();
    expect(socket.status.phase).toBe('connecting');
  });

  it('that lives too short for this connection, even new, is waited for and not asked for in a circle', async () => {
    const socket = live({ limits: { life: 60_000 } });
    port.close(4401);
    await settled();
    wire.refreshing().give(tokenFor(30, 1));
    await settled();
    expect([socket.status.phase, clock.next, wire.refreshes.length]).toEqual(['backoff', 250, 1]);
  });

  it('that was renewed a moment ago is not to blame where a browser hides why the handshake failed', async () => {
    port = new FakePort('browser');
    const socket = live();
    port.close(4401);
    await settled();
    wire.refreshing().give('t1');
    await settled();
    port.accept();
    port.close(1006);
    await clock.advance(250);
    port.close(1006);
    await settled();
    expect([socket.status.phase, wire.refreshes.length]).toEqual(['backoff', 1]);
  });

  it.each([
    ['an end that a browser tells while it connects', 1001, () => {}],
    ['1006 of a connection that was open', 1006, () => port.last.listener.opened()],
    ['1006 of one that was live', 1006, () => port.accept()],
  ])('is not to blame for %s', async (_what, code, before) => {
    port = new FakePort('browser');
    client.signIn('t0');
    const socket = connect();
    before();
    port.close(code);
    await settled();
    expect([socket.status.phase, wire.refreshes.length]).toEqual(['backoff', 0]);
  });

  it('has worked for everybody once the server has said yes', async () => {
    live();
    port.close(4401);
    await settled();
    wire.refreshing().give('t1');
    await settled();
    port.accept();
    await clock.advance(11_000);
    // renewed, never accepted by a route: without the socket's yes this would be the breaker's
    watch(client.fetch('/me'));
    await settled();
    wire.call(-1).answer(401);
    await settled();
    expect(wire.refreshes).toHaveLength(2);
  });
});

describe('a live connection', () => {
  it('goes on being watched when the credential is renewed', async () => {
    live({ reauth: (token) => `token ${token}` });
    void client.refresh();
    await settled();
    wire.refreshing().give('t1');
    await settled();
    expect(port.last.sent).toEqual(['token t1']);
    await clock.advance(25_000);
    expect(port.last.pings).toBe(1);
  });

  it('is pinged with a message where one is given, and not at all where the platform cannot', async () => {
    live({ ping: '{"type":"ping"}', channel: 'message' });
    await clock.advance(25_000);
    expect([port.last.sent, port.last.pings]).toEqual([['{"type":"ping"}'], 0]);
    await client.signOut();
    const open = port.open.bind(port);
    port.open = (request, listener) => {
      const { send, close } = open(request, listener);
      return { send, close };
    };
    await clock.advance(2_000);
    live({ channel: 'neither' });
    expect(clock.pending).toBe(0);
  });

  it('is looked at for silence without a ping', async () => {
    await clock.advance(60_000);
    const socket = live({ heartbeat: { silence: 10_000 } });
    await clock.advance(8_000);
    port.last.listener.message('news');
    await clock.advance(9_000);
    expect([socket.status.phase, port.last.pings]).toEqual(['live', 0]);
    await clock.advance(1_000);
    expect(socket.status).toEqual({ phase: 'backoff', failure: { kind: 'network', code: 'close 1006' } });
  });

  it('stops listening to the platform at its end', async () => {
    let listening = 0;
    const online = () => {
      listening++;
      return () => void listening--;
    };
    live({ online });
    expect(listening).toBe(1);
    await client.signOut();
    expect(listening).toBe(0);
  });
});

describe('shares', () => {
  it('are in one connection for one address, and its search is part of that', () => {
    client.signIn('t0');
    connect({}, 'ws://x/ws?room=1');
    connect({}, 'ws://x/ws?room=1');
    connect({}, 'ws://x/ws?room=2');
    expect(port.sockets).toHaveLength(2);
  });

  it('hear of changes until they are given back', () => {
    const kept = live();
    const given = connect();
    const told: string[] = [];
    kept.subscribe(() => told.push('kept'));
    given.subscribe(() => told.push('given'));
    given.release();
    port.last.listener.message('news');
    expect(messages).toEqual(['news']);
    port.close(1006);
    expect(told).toEqual(['kept']);
  });

  it('in a connection that has failed do not end the one that came after it', async () => {
    client.signIn('t0');
    const failed = connect();
    port.refuse(404);
    const next = connect();
    port.accept();
    failed.release();
    await clock.advance(1_000);
    expect(next.status.phase).toBe('live');
    connect();
    expect(port.sockets).toHaveLength(2);
  });
});
