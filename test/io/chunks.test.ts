import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { chunks } from '../../src/io/chunks.js';

const clock = () => performance.now();
const bounds = { monotonic: clock, most: 100 };

async function* body(before: () => void | Promise<void>) {
  await sleep(30);
  await before();
  yield Buffer.from('data: 1\n\n');
}

it('a piece that came while this process was busy says for how long nobody had looked', async () => {
  const busy = () => {
    const until = clock() + 120;
    while (clock() < until);
  };
  for await (const { unseen } of chunks(body(busy), { ...bounds, since: clock() }))
    expect(unseen).toBeGreaterThanOrEqual(120);
});

it('a piece that came before anybody asked for it has not been seen since the headers', async () => {
  const headers = clock() - 500;
  for await (const { unseen } of chunks(Readable.from([Buffer.from('data: 1\n\n')]), { ...bounds, since: headers }))
    expect(unseen).toBeGreaterThanOrEqual(500);
});

it('a piece that was waited for does not, unless the machine is busy all the time', async () => {
  const heard: number[] = [];
  const few = () => heard.some((unseen) => unseen < 150);
  while (!few() && heard.length < 20)
    for await (const { unseen } of chunks(
      body(() => sleep(300)),
      { ...bounds, since: clock() },
    ))
      heard.push(unseen);
  expect(few(), String(heard)).toBe(true);
});

it('more bytes than are wanted throw', async () => {
  const all = async () => {
    for await (const _ of chunks(
      body(() => {}),
      { ...bounds, since: clock(), most: 8 },
    ));
  };
  await expect(all()).rejects.toMatchObject({ code: 'LOCKSTEP_TOO_MUCH' });
});
