import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import { Unreachable } from '../../src/core/errors.js';
import type { Target } from '../../src/core/target.js';
import { trace } from '../../src/io/trace.js';
import { realWorld } from '../../src/io/world.js';
import { whenAwake } from '../support/awake.js';
import { target, tokens } from '../support/deployment.js';

const { sockets } = realWorld();
const world = Object.create(realWorld(), { timer: { value: whenAwake } });
const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** A real WebSocket server that does with each connection what the test says. */
async function serve(handler: (socket: WebSocket, url: string, protocols: string) => void): Promise<string> {
  const http = createServer((_, response) => response.writeHead(404).end());
  const server = new WebSocketServer({ server: http, handleProtocols: ([first]) => first ?? false });
  server.on('connection', (socket, { url = '', headers }) =>
    handler(socket, url, headers['sec-websocket-protocol'] ?? ''),
  );
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  opened.push(async () => {
    for (const socket of server.clients) socket.terminate();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });
  return `ws://127.0.0.1:${(http.address() as AddressInfo).port}/ws`;
}

const open = (url: string) => sockets.open({ url, protocols: [], headers: {} });
const socketAt = (
  url: string,
  ack: unknown = { type: 'ready' },
  auth: Target['routes']['socket']['value']['auth'] = { mode: 'query', name: 'token' },
) => target({ routes: { ...target().routes, socket: { value: { url, auth, ack }, declared: true } } });
const listen = (at: Target, token: string | null = tokens.a, patience = 300) =>
  trace(
    {
      world,
      target: at,
      signal: new AbortController().signal,
      agent: 'lockstep/0 run=test',
      learn: () => {},
      note: () => {},
    },
    { token, patience },
  );

describe('a socket', () => {
  it('hears a message that comes with the handshake itself', async () => {
    const socket = await open(await serve((server) => server.send('at once')));
    for await (const text of socket.messages()) {
      expect(text).toBe('at once');
      break;
    }
    await socket.close();
  });

  it('keeps messages in order and ends when it is closed', async () => {
    const url = await serve((server) => {
      for (const text of ['1', '2', '3']) server.send(text);
      server.close(4401, 'no');
    });
    const socket = await open(url);
    const heard: string[] = [];
    for await (const text of socket.messages()) heard.push(text);
    expect(heard).toEqual(['1', '2', '3']);
    expect(await socket.closed()).toEqual({ code: 4401, reason: 'no' });
  });

  it('that is turned away is an answer with a status', async () => {
    const http = createServer((_, response) => response.writeHead(426).end());
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    opened.push(() => new Promise((resolve) => http.close(resolve)));
    expect((await open(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/`)).status).toBe(426);
  });

  it('that nobody serves is unreachable, and the token in its URL is not told', async () => {
    const error = await open('ws://127.0.0.1:1/ws?token=very-secret-token').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Unreachable);
    expect((error as Error).message).toContain('ws://127.0.0.1:1/ws: ');
    expect((error as Error).message).not.toContain('very-secret-token');
  });

  it('is gone within two seconds even if the server never says goodbye', async () => {
    const url = await serve((server) => server.on('close', () => {}));
    const socket = await open(url);
    await socket.close();
    expect((await socket.closed()).code).toBeTypeOf('number');
  });
});

describe('what a trace says of a socket', () => {
  it('acknowledged by the declared message, whatever else it holds', async () => {
    const at = socketAt(await serve((server) => server.send('{"type":"ready","user":{"id":1}}')));
    expect(await listen(at)).toMatchObject({ status: 101, acked: true, closed: null });
  });

  it('not acknowledged by another message', async () => {
    const at = socketAt(await serve((server) => server.send('{"type":"welcome"}')));
    expect(await listen(at)).toMatchObject({ acked: false, messages: ['{"type":"welcome"}'], closed: null });
  });

  it('without a declared ack: acknowledged when it stays open', async () => {
    expect(await listen(socketAt(await serve(() => {}), null))).toMatchObject({ acked: true });
  });

  it('without a declared ack: not acknowledged when it is closed after a banner', async () => {
    const url = await serve((server) => {
      server.send('hello');
      setTimeout(() => server.close(4401), 50);
    });
    expect(await listen(socketAt(url, null))).toMatchObject({ acked: false, closed: { code: 4401 } });
  });

  it.each<[Target['routes']['socket']['value']['auth'], (url: string, protocols: string) => string | null]>([
    [{ mode: 'query', name: 'token' }, (url) => new URL(url, 'ws://x').searchParams.get('token')],
    [{ mode: 'subprotocol', protocol: 'bearer' }, (_, protocols) => protocols.split(/, ?/)[1] ?? null],
  ])('puts the token where %j wants it', async (auth, where) => {
    const seen: (string | null)[] = [];
    const url = await serve((server, path, protocols) => {
      seen.push(where(path, protocols));
      server.send('{"type":"ready"}');
    });
    await listen(socketAt(url, { type: 'ready' }, auth));
    expect(seen).toEqual([tokens.a]);
  });

  it('does not send text that a subprotocol cannot carry, and says so', async () => {
    const at = socketAt('ws://127.0.0.1:1/', { type: 'ready' }, { mode: 'subprotocol', protocol: 'bearer' });
    expect(await listen(at, '[object Object]')).toMatchObject({ sent: false });
  });
});
