import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Unreachable } from '../../src/core/errors.js';
import { headers } from '../../src/core/reply.js';
import type { Limits } from '../../src/io/limits.js';
import { realWorld } from '../../src/io/world.js';
import type { Http } from '../../src/world.js';
import { unhurried } from '../support/awake.js';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

async function listening(server: NetServer & { closeAllConnections?: () => void }): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections?.();
        server.close(() => resolve());
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serve = (handler: (request: IncomingMessage, response: ServerResponse) => void) =>
  listening(createServer(handler));

/** A server that writes bytes of its own, whatever they are. */
const serveRaw = (bytes: string | Buffer, end = true) =>
  listening(
    createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => (end ? socket.end(bytes) : socket.write(bytes)));
      opened.unshift(async () => void socket.destroy());
    }),
  );

function client(limits: Partial<Limits> = {}): Http {
  const http = realWorld(undefined, { limits: { ...unhurried, ...limits } }).http;
  opened.push(() => http.close());
  return http;
}

const get = (url: string, limits?: Partial<Limits>) =>
  client(limits).send({ method: 'GET', url: `${url}/x`, headers: {} });

async function refusal(url: string, limits?: Partial<Limits>): Promise<string> {
  const error = await get(url, limits).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Unreachable);
  const { message, step, exit } = error as Unreachable;
  expect(message).toContain(url);
  expect(exit).toBe(3);
  return `${step}: ${message.slice(message.indexOf(': ') + 2)}`;
}

describe('an answer over HTTP', () => {
  it('is read whole: status, repeated headers, text and JSON', async () => {
    const url = await serve((_, response) => {
      response.setHeader('set-cookie', ['a=1; Expires=Sat, 21 Nov 2026 12:00:00 GMT', 'b=2']);
      response.writeHead(201, { 'content-type': 'application/json' });
      response.end('{"hello":"wörld"}');
    });
    const reply = await get(url);
    expect(reply).toMatchObject({ status: 201, json: { hello: 'wörld' }, text: '{"hello":"wörld"}', url: `${url}/x` });
    expect(headers(reply, 'set-cookie')).toEqual(['a=1; Expires=Sat, 21 Nov 2026 12:00:00 GMT', 'b=2']);
  });

  it('that is no JSON has no json', async () => {
    const reply = await get(await serve((_, response) => response.end('<!doctype html>')));
    expect(reply.json).toBeUndefined();
    expect(reply.text).toBe('<!doctype html>');
  });

  it('is never followed elsewhere', async () => {
    let elsewhere = 0;
    const other = await serve((_, response) => {
      elsewhere += 1;
      response.end();
    });
    const reply = await get(await serve((_, response) => response.writeHead(302, { location: `${other}/` }).end()));
    expect(reply.status).toBe(302);
    expect(elsewhere).toBe(0);
  });

  it('in gzip, which nobody asked for, is undone', async () => {
    const reply = await get(
      await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"a":1}'))),
    );
    expect(reply.json).toEqual({ a: 1 });
  });

  it.each([401, 404, 500, 503])('with status %i is an answer all the same', async (status) => {
    expect((await get(await serve((_, response) => response.writeHead(status).end()))).status).toBe(status);
  });
});

describe('what is no answer, or too much of one, is said in words with the step', () => {
  it('nobody listens', async () => {
    const url = await serve(() => {});
    for (const close of opened.splice(0)) await close();
    expect(await refusal(url)).toBe('connect: connection refused: nothing listens there');
  });

  it('no such host', async () => {
    expect(await refusal('http://nowhere.invalid')).toMatch(/^resolve: /);
  });

  it('the connection is closed without an answer', async () => {
    const url = await serve((request) => request.socket.destroy());
    expect(await refusal(url)).toMatch(/^headers: the connection was (closed|reset)/);
  });

  it('headers do not come', async () => {
    expect(await refusal(await serve(() => {}), { headersMs: 150 })).toBe('headers: no answer within 150 ms');
  });

  it('the body stops', async () => {
    const url = await serve((_, response) => response.writeHead(200).write('{'));
    expect(await refusal(url, { bodyMs: 150 })).toBe('body: the answer stopped for 150 ms');
  });

  it('the body never ends', async () => {
    const url = await serve((_, response) => {
      const chunk = 'x'.repeat(65_536);
      const more = () => {
        while (!response.destroyed && response.write(chunk));
        response.once('drain', more);
      };
      more();
    });
    expect(await refusal(url)).toBe('too-large: the answer is larger than 1048576 bytes');
  });

  it('a small zipped body grows without bound', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000));
    const url = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    const before = process.memoryUsage().rss;
    expect(await refusal(url)).toBe('too-large: the answer is larger than 1048576 bytes');
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });

  it.each([
    ['a coding that is not the one it says', { 'content-encoding': 'gzip' }],
    ['a chain of codings', { 'content-encoding': 'gzip, gzip' }],
    ['an unknown coding', { 'content-encoding': 'snappy' }],
  ])('%s', async (_, coding) => {
    const url = await serve((_, response) => response.writeHead(200, coding).end('plain'));
    expect(await refusal(url)).toBe('protocol: the answer cannot be decoded');
  });

  it('headers are too large', async () => {
    const url = await serve((_, response) => response.writeHead(200, { 'x-large': 'x'.repeat(20_000) }).end());
    expect(await refusal(url)).toBe('too-large: the headers are larger than 16384 bytes');
  });

  it.each([
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['a status that is no number', 'HTTP/1.1 abc OK\r\n\r\n'],
  ])('%s', async (_, bytes) => {
    expect(await refusal(await serveRaw(bytes))).toMatch(/^protocol: the answer is not HTTP\/1.1/);
  });

  it('two lengths that differ', async () => {
    const url = await serveRaw('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab');
    expect(await refusal(url)).toMatch(/^protocol: /);
  });

  it('the body is shorter than it says', async () => {
    expect(await refusal(await serveRaw('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc'))).toBe(
      'body: the answer ended before it was whole',
    );
  });

  it('a body in pieces that are none', async () => {
    const url = await serveRaw(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\nnonsense\r\n\r\n',
      false,
    );
    expect(await refusal(url)).toBe('protocol: the answer is not HTTP/1.1');
  });

  it('an answer that drips', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    opened.push(async () => void vi.useRealTimers());
    const url = await serve((_, response) => {
      let drops = 0;
      const timer = setInterval(() => {
        response.write('.');
        // the headers have come, and some of it
        if (++drops === 5) vi.advanceTimersByTime(200);
      }, 20);
      response.on('close', () => clearInterval(timer));
    });
    expect(await refusal(url, { totalMs: 200 })).toBe('body: the answer was not whole within 200 ms');
  });

  it('a TLS port is spoken to in cleartext', async () => {
    expect(await refusal(await serveRaw(Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x28])))).toMatch(
      /^protocol: /,
    );
  });

  it('an ended run', async () => {
    const ended = new AbortController();
    const url = await serve(() => ended.abort());
    await expect(client().send({ method: 'GET', url, headers: {}, signal: ended.signal })).rejects.toMatchObject({
      code: 'unreachable',
    });
  });

  it('tells nothing of what was sent', async () => {
    const http = client();
    const sent = http.send({
      method: 'GET',
      url: 'http://127.0.0.1:1/x',
      headers: { authorization: 'Bearer very\nsecret-token' },
    });
    const error = await sent.catch((thrown: unknown) => thrown as Error);
    expect(`${(error as Error).message} ${(error as Error).stack}`).not.toContain('secret-token');
  });
});

describe('an open answer', () => {
  const open = (url: string, limits?: Partial<Limits>) =>
    client(limits).open({ method: 'GET', url: `${url}/x`, headers: {} });

  it('gives its body as it comes, each piece with its time', async () => {
    let more = () => {};
    const url = await serve((_, response) => {
      response.write('one');
      more = () => response.end('two');
    });
    const { status, at, body } = await open(url);
    const pieces = [];
    for await (const piece of body) {
      pieces.push({ ...piece, text: String(Buffer.from(piece.bytes)) });
      more();
    }
    expect(status).toBe(200);
    expect(pieces.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(pieces[1]?.at).toBeGreaterThan(pieces[0]?.at ?? Number.POSITIVE_INFINITY);
    expect(pieces[0]?.at).toBeGreaterThanOrEqual(at);
  });

  it('that is cut, or never ends, is unreachable', async () => {
    const cut = await serve((_, response) => {
      response.write('one');
      setTimeout(() => response.destroy(), 10);
    });
    const endless = await serve((_, response) => {
      const timer = setInterval(() => response.write('x'.repeat(1000)), 1);
      response.on('close', () => clearInterval(timer));
    });
    const read = async (url: string) => {
      for await (const _ of (await open(url, { streamBytes: 10_000 })).body);
    };
    await expect(read(cut)).rejects.toBeInstanceOf(Unreachable);
    await expect(read(endless)).rejects.toThrow('the stream is longer than 10000 bytes');
  });
});

describe('a request', () => {
  it('can go over a connection of its own, and say a header twice', async () => {
    const ports = new Set<number | undefined>();
    const seen: string[][] = [];
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      seen.push(request.rawHeaders);
      response.end();
    });
    const http = client();
    const request = { method: 'GET', url: `${url}/x`, headers: { authorization: 'Bearer a' } };
    for (let i = 0; i < 3; i++) await http.send({ ...request, fresh: true });
    expect(ports.size).toBe(3);
    await http.send({ ...request, also: [['authorization', 'Bearer b']] });
    expect(seen[3]?.filter((_, i, all) => all[i - 1] === 'authorization')).toEqual(['Bearer a', 'Bearer b']);
  });

  it('says how long its body is, and that it has none where one could be', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      seen.push(`${request.method} ${request.headers['content-length']} ${request.headers['transfer-encoding']}`);
      expect(request.headers.host).toBe(new URL(url).host);
      response.end();
    });
    const http = client();
    for (const [method, body] of [['POST', 'wörld'], ['POST'], ['GET'], ['DELETE']] as const)
      await http.send({ method, url, headers: {}, ...(body && { body }) });
    expect(seen).toEqual([
      'POST 6 undefined',
      'POST 0 undefined',
      'GET undefined undefined',
      'DELETE undefined undefined',
    ]);
  });
});

describe('connections', () => {
  /** a server that answers when so many have asked at once, with the ports that it was asked from */
  async function ported(headers: Record<string, string> = {}) {
    const ports = new Set<number | undefined>();
    const waiting: ServerResponse[] = [];
    const server = { url: '', ports, together: 1 };
    server.url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      waiting.push(response);
      if (waiting.length < server.together) return;
      for (const each of waiting.splice(0)) each.writeHead(200, headers).end('{}');
    });
    return server;
  }
  const request = (url: string) => ({ method: 'GET', url: `${url}/x`, headers: {} });

  it('are used again, and are sixteen at most', async () => {
    const server = await ported();
    const http = client();
    for (let i = 0; i < 3; i++) await http.send(request(server.url));
    expect(server.ports.size).toBe(1);
    server.together = 16;
    const replies = await Promise.all(Array.from({ length: 48 }, () => http.send(request(server.url))));
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    expect(server.ports.size).toBe(16);
  });

  it('of a server that soon closes them are not used again: what is asked while it does would be lost', async () => {
    const { url, ports } = await ported({ 'keep-alive': 'timeout=1' });
    const http = client();
    for (let i = 0; i < 3; i++) await http.send(request(url));
    expect(ports.size).toBe(3);
  });

  it('end with the run, and so does what waits for one', async () => {
    let full = () => {};
    const sixteen = new Promise<void>((resolve) => {
      full = resolve;
    });
    let came = 0;
    const url = await serve(() => ++came === 16 && full());
    const http = client();
    const asked = Array.from({ length: 20 }, () => http.send(request(url)).catch(({ code }: Unreachable) => code));
    await sixteen;
    await http.close();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['unreachable']));
  });
});
