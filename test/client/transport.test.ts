import { describe, expect, it } from 'vitest';
import { platformClock } from '../../src/client/index.js';
import { serverClock } from '../../src/client/transport.js';
import { VirtualClock } from '../support/virtual-clock.js';

describe('the time of the server', () => {
  const date = 'Thu, 01 Jan 2026 12:00:00 GMT';

  it('is that of the wall clock until the server has spoken, however old the clock is', async () => {
    const clock = new VirtualClock();
    await clock.advance(5_000);
    const server = serverClock(clock);
    await clock.advance(1_000);
    expect(server.now()).toBe(Date.parse('2026-01-01T00:00:06Z'));
  });

  it('is carried on from what the server said, whatever the wall clock does', async () => {
    const clock = new VirtualClock();
    await clock.advance(5_000);
    const server = serverClock(clock);
    server.observe(date);
    clock.jump(3_600_000);
    await clock.advance(1_500);
    expect(server.now()).toBe(Date.parse('2026-01-01T12:00:01.500Z'));
  });

  it('does not go back when the server says the same second again', async () => {
    const clock = new VirtualClock();
    const server = serverClock(clock);
    server.observe(date);
    await clock.advance(900);
    server.observe(date);
    expect(server.now()).toBe(Date.parse('2026-01-01T12:00:00.900Z'));
  });

  it.each([null, 'soon', ''])('is not what %j says', (text) => {
    const clock = new VirtualClock();
    const server = serverClock(clock);
    server.observe(text);
    expect(server.now()).toBe(clock.now());
  });
});

it('the timers of the platform run when they are due, unless they are cleared', async () => {
  const ran: string[] = [];
  platformClock.clearTimeout(platformClock.setTimeout(() => ran.push('cleared'), 0));
  await new Promise<void>((done) => {
    platformClock.setTimeout(() => ran.push('first'), 0);
    platformClock.setTimeout(done, 1);
  });
  expect(ran).toEqual(['first']);
});
