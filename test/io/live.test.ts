import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import { connect } from '../../src/io/live.js';
import { realWorld } from '../../src/io/world.js';
import { whenAwake } from '../support/awake.js';
import { target, tokens } from '../support/deployment.js';

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

async function served(handler: (socket: WebSocket) => void, ack: unknown = { type: 'ready' }) {
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  server.on('connection', handler);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  opened.push(async () => {
    for (const socket of server.clients) socket.terminate();
    await new Promise((resolve) => http.close(resolve));
  });
  const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/ws`;
  const value = { url, auth: { mode: 'query', name: 'token' }, ack } as const;
  const ended = new AbortController();
  const hand = {
    world: Object.create(realWorld(), { timer: { value: whenAwake } }),
    target: target({ routes: { ...target().routes, socket: { value, declared: true } } }),
    signal: ended.signal,
    agent: 'lockstep/0 run=test',
    learn: () => {},
    note: () => {},
  };
  return { ended, open: (patience = 300) => connect(hand, { token: tokens.a, patience }), server };
}

describe('a live socket', () => {
  it('is there with its ack, hears what comes, and says what it is told', async () => {
    const { open } = await served((socket) => {
      socket.send('{"type":"ready"}');
      socket.on('message', (data) => socket.send(`heard ${String(data)}`));
    });
    const live = await open();
    expect([live.status, live.acked]).toEqual([101, true]);
    live.say({ n: 1 });
    expect(await live.hear((text) => text.startsWith('heard'), 2000)).toBe('heard {"n":1}');
    // a message of before counts as well
    expect(await live.hear((text) => text.includes('ready'), 1)).toBe('{"type":"ready"}');
    expect(await live.hear((text) => text === 'never', 20)).toBeNull();
    expect(live.closed).toBeNull();
  });

  it('tells how the server closed it, and stops waiting then', async () => {
    const { open } = await served((socket) => {
      socket.send('{"type":"ready"}');
      setTimeout(() => socket.close(4401, 'over'), 20);
    });
    const live = await open();
    expect(await live.hear((text) => text === 'never', 60_000)).toBeNull();
    expect(await live.end(60_000)).toEqual({ code: 4401, reason: 'over' });
  });

  it('is not acked when the server says nothing, or refuses', async () => {
    const silent = await served(() => {});
    expect((await silent.open(30)).acked).toBe(false);
    const refusing = await served((socket) => socket.close(4401), null);
    expect((await refusing.open()).acked).toBe(false);
    const patient = await served(() => {}, null);
    expect((await patient.open(30)).acked).toBe(true);
  });

  it('ends with the check that opened it', async () => {
    const { open, ended, server } = await served((socket) => void socket.send('{"type":"ready"}'));
    await open();
    const [socket] = server.clients;
    const closed = new Promise((resolve) => socket?.once('close', resolve));
    ended.abort();
    expect(await closed).toBe(1000);
  });
});
