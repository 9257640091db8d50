import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Clock, createAuthClient, memoryStore, platformClock, wsPort } from '../../src/client/index.js';
import { CutProxy } from '../support/cut-proxy.js';
import { type Deployment, demoDeployment, smallDeployment } from '../support/load-deployment.js';
import { seed } from '../support/seed.js';
import { seeded } from '../support/seeded.js';

async function until(what: string, condition: () => boolean): Promise<void> {
  for (let patience = 0; patience < 4_000; patience++) {
    if (condition()) return;
    await new Promise((wait) => setTimeout(wait, 5));
  }
  throw new Error(`never: ${what}`);
}

describe.each([
  ['a small deployment', smallDeployment, 500],
  ['the demo', demoDeployment, 500],
] as const)('under load, against %s', (_name, start, streams) => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await start();
  });
  afterAll(() => deployment?.stop());

  it('a dead credential costs 1,000 concurrent calls one refresh and no call', async () => {
    let refreshes = 0;
    let calls = 0;
    const client = createAuthClient({
      store: memoryStore(deployment.dead),
      refresh: (signal) => {
        refreshes++;
        return deployment.refresh(signal);
      },
      fetch: (url: string, init?: RequestInit) => {
        calls++;
        return fetch(url, init);
      },
    });
    const statuses = await Promise.all(
      Array.from({ length: 1_000 }, async () => {
        const response = await client.fetch(deployment.api + deployment.me);
        await response.text();
        return response.status;
      }),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(1_000);
    expect(refreshes).toBe(1);
    expect(calls).toBeLessThanOrEqual(2_000);
  }, 120_000);

  it(`${streams} streams cut at random bytes arrive whole, no event twice`, async () => {
    const { next: random } = seeded(seed);
    const proxy = new CutProxy(deployment.api);
    await proxy.up();
    const client = createAuthClient({ store: memoryStore(deployment.dead), refresh: deployment.refresh });
    // the session begins outside of the proxy: what is cut here are streams
    await client.refresh();
    const plain: string[] = [];
    try {
      proxy.budget = () => (random() < 0.6 ? deployment.head + Math.floor(random() * 1_200) : Number.POSITIVE_INFINITY);
      const one = async (n: number) => {
        const { url, init } = deployment.stream(`http://127.0.0.1:${proxy.port}`, n);
        const ids: (string | undefined)[] = [];
        const data: string[] = [];
        const headers = { ...(init.headers as object | undefined), connection: 'close' };
        for await (const part of client.stream(
          url,
          { ...init, headers },
          { maxResumes: 50, backoff: { base: 1, cap: 5 } },
        )) {
          if (part.kind !== 'event') throw new Error('nothing to replace here');
          ids.push(part.id);
          data.push(part.data);
        }
        expect(new Set(ids).size).toBe(ids.length);
        const { got, wanted } = deployment.textOf(n, data);
        if (deployment.head === 0) expect(got).toBe(wanted);
        else {
          const stored = await client.fetch(`${deployment.api}/api/chat/messages/${wanted}`);
          expect(got).toBe(((await stored.json()) as { text: string }).text);
        }
        plain.push(got);
      };
      for (let n = 0; n < streams; n += 25) await Promise.all(Array.from({ length: 25 }, (_, k) => one(n + k)));
      expect(plain).toHaveLength(streams);
      // a proxy that never cut would prove nothing
      expect(proxy.cuts).toBeGreaterThan(streams / 4);
    } finally {
      await proxy.down();
    }
  }, 180_000);

  it('a socket server that is killed and restarted 50 times: one connection, no message twice, waits within the formula', async () => {
    const proxy = new CutProxy(deployment.api);
    await proxy.up();
    const waits: number[] = [];
    // 61 ms are nobody else's: the cap tells the waits of the back-off from other timers
    const backoff = { base: 7, cap: 61 };
    const clock: Clock = {
      ...platformClock,
      setTimeout(run, ms) {
        if (ms <= backoff.cap) waits.push(ms);
        return platformClock.setTimeout(run, ms);
      },
    };
    const client = createAuthClient({ store: memoryStore(deployment.dead), refresh: deployment.refresh, clock });
    await client.refresh();
    const messages: string[] = [];
    const sent: string[] = [];
    const socket = client.socket(`ws://127.0.0.1:${proxy.port}${deployment.socketPath}`, {
      auth: { mode: 'query' },
      port: wsPort(WebSocket),
      ack: deployment.isAck,
      messageId: (data) => (deployment.tell ? String(data).split(' ')[0] : undefined),
      policy: { backoff, maxAttempts: 1_000 },
    });
    socket.onMessage((data) => messages.push(String(data)));
    try {
      for (let round = 0; round < 50; round++) {
        await until(`live in round ${round}`, () => socket.status.phase === 'live');
        if (deployment.tell) sent.push(deployment.tell());
        await until('the message', () => messages.length >= sent.length);
        await proxy.down();
        await until('the loss', () => socket.status.phase !== 'live');
        await proxy.up();
      }
      await until('live at the end', () => socket.status.phase === 'live');
      expect(messages).toEqual(sent);
      expect(proxy.most).toBe(1);
      expect(waits.length).toBeGreaterThanOrEqual(50);
      expect(Math.max(...waits)).toBeLessThan(backoff.cap);
      // full jitter: spread over the range, not in step
      expect(new Set(waits).size).toBeGreaterThan(waits.length / 2);
    } finally {
      await client.signOut();
      await until('the close', () => proxy.carrying === 0);
      await proxy.down();
    }
  }, 120_000);
});
