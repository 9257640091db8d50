import { describe, expect, it } from 'vitest';
import type { Reply } from '../../src/core/reply.js';
import { createPace } from '../../src/io/pace.js';

/** A clock that stands still until somebody waits, and then is there at once. */
function virtual() {
  let time = 0;
  const waiting: { at: number; run: () => void }[] = [];
  const timer = (ms: number, run: () => void) => {
    const entry = { at: time + ms, run };
    waiting.push(entry);
    return () => void waiting.splice(waiting.indexOf(entry), waiting.includes(entry) ? 1 : 0);
  };
  const settle = async (all: Promise<unknown>) => {
    let done = false;
    void all.then(() => {
      done = true;
    });
    while (!done) {
      for (let i = 0; i < 20; i++) await Promise.resolve();
      const next = waiting.sort((a, b) => a.at - b.at).shift();
      if (next === undefined) continue;
      time = next.at;
      next.run();
    }
  };
  return { now: () => time, timer, settle };
}

const signal = new AbortController().signal;
const request = (path: string, host = 'auth.example') => ({
  method: 'POST',
  url: `https://${host}${path}`,
  headers: {},
});
const reply = (status: number, headers: Reply['headers'] = []): Reply => ({
  method: 'POST',
  url: 'https://auth.example/',
  status,
  headers,
  text: '',
  json: undefined,
  ms: 1,
});

async function times(production: boolean, requests: ReturnType<typeof request>[]): Promise<number[]> {
  const clock = virtual();
  const pace = createPace(production, clock);
  const went: number[] = [];
  await clock.settle(
    Promise.all(requests.map((each) => pace.turn(each, signal).then(() => void went.push(clock.now())))),
  );
  return went.sort((a, b) => a - b);
}

describe('the pace of a run', () => {
  it('is five requests a second and host on production', async () => {
    const went = await times(
      true,
      Array.from({ length: 12 }, () => request('/x')),
    );
    expect(went).toEqual([0, 0, 0, 0, 0, 1000, 1000, 1000, 1000, 1000, 2000, 2000]);
    const two = await times(true, [...Array(5).fill(request('/x')), ...Array(5).fill(request('/x', 'api.example'))]);
    expect(two).toEqual(Array(10).fill(0));
  });

  it('is three sign-ins and then ten quiet seconds on production', async () => {
    const went = await times(true, Array(7).fill(request('/api/auth/sign-in/email')));
    expect(went).toEqual([0, 0, 0, 11_000, 11_000, 11_000, 22_000]);
  });

  it('is none elsewhere, until a server has said 429', async () => {
    expect(await times(false, Array(50).fill(request('/api/auth/sign-in/email')))).toEqual(Array(50).fill(0));
  });

  it('queues sign-ins up once a server has said 429, so that none is refused twice', async () => {
    const clock = virtual();
    const pace = createPace(false, clock);
    // as Better Auth counts: on and on, until ten seconds without a request that was allowed
    let [count, last] = [0, Number.NEGATIVE_INFINITY];
    const send = async () => {
      if (clock.now() - last > 10_000) count = 0;
      if (count >= 3) return reply(429, [['x-retry-after', '10']]);
      [count, last] = [count + 1, clock.now()];
      return reply(200);
    };
    const all = Promise.all(
      Array.from({ length: 8 }, () => pace.patiently(request('/api/auth/sign-in/email'), send, signal, true)),
    );
    await clock.settle(all);
    expect((await all).map(({ status }) => status)).toEqual(Array(8).fill(200));
  });

  it('gives a 429 as the answer to who wants it', async () => {
    const pace = createPace(false, virtual());
    expect((await pace.patiently(request('/x'), async () => reply(429), signal, false)).status).toBe(429);
  });

  it('does not wait for longer than a check may last', async () => {
    const pace = createPace(false, virtual());
    const send = async () => reply(429, [['retry-after', '3600']]);
    await expect(pace.patiently(request('/x'), send, signal, true)).rejects.toThrow('its rate limit is used up');
  });
});
