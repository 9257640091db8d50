import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createAuthClient, memoryStore } from '../../src/client/index.js';

/** An auth server and an API in one: `/token` hands out the only good token, `/me` wants it. */
interface Deployment {
  readonly base: string;
  readonly refreshes: () => number;
  readonly calls: () => number;
  close(): Promise<void>;
}

async function deployment(): Promise<Deployment> {
  let good = 'token-0';
  let refreshes = 0;
  let calls = 0;
  const server: Server = createServer((request, response) => {
    if (request.url === '/token') {
      good = `token-${++refreshes}`;
      response.end(JSON.stringify({ token: good }));
      return;
    }
    calls++;
    response.statusCode = request.headers.authorization === `Bearer ${good}` ? 200 : 401;
    response.end(String(response.statusCode));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refreshes: () => refreshes,
    calls: () => calls,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const opened: Deployment[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

describe('a storm of refusals', () => {
  it('costs one refresh for 1,000 concurrent calls with a dead credential, and loses none', async () => {
    const server = await deployment();
    opened.push(server);
    const client = createAuthClient({
      store: memoryStore('dead'),
      refresh: async (signal) => (await fetch(`${server.base}/token`, { signal })).json() as Promise<{ token: string }>,
    });
    const answers = await Promise.all(
      Array.from({ length: 1000 }, async () => {
        const response = await client.fetch(`${server.base}/me`);
        return [response.status, await response.text()].join();
      }),
    );
    expect(new Set(answers)).toEqual(new Set(['200,200']));
    expect(server.refreshes()).toBe(1);
    expect(server.calls()).toBeLessThanOrEqual(2000);
  });

  it('hands the answer of a plain transport back as it came', async () => {
    const answer = { status: 200, headers: { get: () => null }, text: 'ok' };
    const sent: unknown[] = [];
    const client = createAuthClient({
      store: memoryStore('good'),
      refresh: async () => ({ status: 500 }),
      fetch: async (url: string, init: { method: string; headers?: Record<string, string> }) => {
        sent.push([url, init]);
        return answer;
      },
    });
    const got = await client.fetch('http://api.test/me', { method: 'GET' });
    expect(got).toBe(answer);
    expect(sent).toEqual([['http://api.test/me', { method: 'GET', headers: { authorization: 'Bearer good' } }]]);
  });
});
