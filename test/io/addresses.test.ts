import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, getDefaultAutoSelectFamily, setDefaultAutoSelectFamily } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import type { Resolve } from '../../src/io/addresses.js';
import { createNames, isAddress, lookupIn } from '../../src/io/addresses.js';
import { createDial } from '../../src/io/dial.js';

/** A name service that answers in turn, and counts. */
function service(...answers: readonly (readonly string[])[]) {
  let asked = 0;
  const resolve: Resolve = (_, done) => {
    const addresses = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked += 1;
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return { names: createNames(resolve), asked: () => asked };
}

const found = async (looked: Promise<readonly { address: string }[]>) => (await looked).map(({ address }) => address);

describe('the addresses of a name', () => {
  it('are asked for once by a burst of connections, and again later', async () => {
    vi.useFakeTimers();
    const { names, asked } = service(['203.0.113.1'], ['203.0.113.2']);
    expect(await found(names('api.example.com', false))).toEqual(['203.0.113.1']);
    expect(await found(names('api.example.com', false))).toEqual(['203.0.113.1']);
    expect(asked()).toBe(1);
    vi.advanceTimersByTime(2_001);
    expect(await found(names('api.example.com', false))).toEqual(['203.0.113.2']);
    vi.useRealTimers();
  });

  it('are asked for each time where the next machine may be another one', async () => {
    const { names, asked } = service(['203.0.113.1', '203.0.113.2'], ['203.0.113.2', '203.0.113.1']);
    expect(await found(names('api.example.com', false))).toEqual(['203.0.113.1', '203.0.113.2']);
    expect(await found(names('api.example.com', false))).toEqual(['203.0.113.2', '203.0.113.1']);
    const one = service(['203.0.113.1'], ['203.0.113.2']);
    await one.names('api.example.com', false);
    expect(await found(one.names('api.example.com', true))).toEqual(['203.0.113.2']);
    expect([asked(), one.asked()]).toEqual([2, 2]);
  });

  it('of this machine are the same, however many', async () => {
    const { names, asked } = service(['::1', '127.0.0.1']);
    await names('localhost', false);
    expect(await found(names('localhost', false))).toEqual(['::1', '127.0.0.1']);
    expect(asked()).toBe(1);
  });

  it('are judged before they are kept: one that is refused is refused again', async () => {
    const { names } = service(['169.254.169.254'], ['203.0.113.1']);
    await expect(names('api.example.com', false)).rejects.toMatchObject({ code: 'LOCKSTEP_METADATA' });
    expect(await found(names('api.example.com', false))).toEqual(['203.0.113.1']);
    const abroad = service(['127.0.0.1'], ['203.0.113.1']);
    await abroad.names('localhost', false);
    await expect(abroad.names('localhost', true)).rejects.toMatchObject({ code: 'LOCKSTEP_ABROAD' });
    await expect(service([]).names('nowhere.invalid', false)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });
});

it('an address is told from a name, in all the spellings that a URL leaves', () => {
  for (const host of [
    'http://127.1',
    'http://0x7f.0.0.1',
    'http://[::1]',
    'http://[::ffff:1.2.3.4]',
    'http://1.2.3.4.',
  ])
    expect(isAddress(new URL(host).hostname.replace(/^\[|\]$/g, '')), host).toBe(true);
  for (const host of ['http://localhost', 'http://1.2.3.4.example.com', 'http://a.b', 'http://xn--4ca.example'])
    expect(isAddress(new URL(host).hostname), host).toBe(false);
});

it('a connection gets all addresses, or the first where Node is told to try no other', () => {
  const found = [
    { address: '::1', family: 6 },
    { address: '127.0.0.1', family: 4 },
  ];
  const heard: unknown[] = [];
  for (const options of [{ all: true }, {}]) lookupIn(found)('x', options, (...answer) => void heard.push(answer));
  expect(heard).toEqual([
    [null, found],
    [null, '::1', 6],
  ]);
});

it('a name of several addresses is reached also where Node is told to try only the first', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const resolve: Resolve = (_, done) =>
    done(
      null,
      ['127.0.0.1', '127.0.0.9'].map((address) => ({ address, family: 4 })),
    );
  const usual = getDefaultAutoSelectFamily();
  try {
    for (const tries of [true, false]) {
      setDefaultAutoSelectFamily(tries);
      const dial = createDial({ resolve, connectMs: 5_000 });
      const socket = await dial.open({ secure: false, host: 'two.localhost', port });
      expect(socket.remoteAddress).toBe('127.0.0.1');
      socket.destroy();
    }
  } finally {
    setDefaultAutoSelectFamily(usual);
    server.close();
  }
});
