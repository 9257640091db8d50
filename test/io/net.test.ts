import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Unreachable } from '../../src/core/errors.js';
import { realWorld } from '../../src/io/world.js';

const { net } = realWorld();

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

async function echo(): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => (String(data) === 'bye' ? socket.end() : socket.write(`${data}!`)));
    opened.unshift(async () => void socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(() => new Promise((resolve) => server.close(resolve)));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('a wire', () => {
  it('carries bytes both ways and tells the end', async () => {
    const wire = await net.wire(await echo(), new AbortController().signal);
    wire.send(Buffer.from('one'));
    expect(await wire.until((bytes) => bytes.length >= 4, 5000)).toBe('enough');
    expect(String(wire.received())).toBe('one!');
    expect(await wire.until(() => false, 20)).toBe('waited');
    wire.send(Buffer.from('bye'));
    expect(await wire.until(() => false, 5000)).toBe('ended');
    wire.send(Buffer.from('into nothing'));
  });

  it('to nobody is unreachable', async () => {
    await expect(net.wire('ws://127.0.0.1:1/', new AbortController().signal)).rejects.toBeInstanceOf(Unreachable);
  });
});

describe('a TLS handshake', () => {
  it('with who speaks no TLS is a fault, and with nobody unreachable', async () => {
    const url = (await echo()).replace('ws:', 'https:');
    const trace = await net.tls(url, null, new AbortController().signal);
    expect(trace).toMatchObject({ version: null, untrusted: null, notAfter: null, fault: expect.any(String) });
    await expect(net.tls('https://127.0.0.1:1/', null, new AbortController().signal)).rejects.toBeInstanceOf(
      Unreachable,
    );
  });
});

describe('a listener', () => {
  it('answers with its document, counts, and is gone with the check', async () => {
    const check = new AbortController();
    const listener = await net.listen({ keys: [] }, check.signal);
    expect(await (await fetch(listener.url)).json()).toEqual({ keys: [] });
    expect(listener.hits).toBe(1);
    check.abort();
    await expect(fetch(listener.url)).rejects.toThrow();
  });
});
