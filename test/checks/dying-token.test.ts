import { expect, it } from 'vitest';
import { withDyingToken } from '../../src/checks/dying-token.js';
import type { Minter } from '../../src/checks/minter.js';
import type { Probe } from '../../src/core/probe.js';

/** A deployment that needs so many seconds for an answer, and refuses a token that is dead by then. */
function deployment(seconds: number, refuses = false) {
  let now = 1_000_000_000_000;
  const probe = { now: () => now } as Probe;
  const minter = { mint: ({ exp }: { exp: number }) => String(exp) } as unknown as Minter;
  const lives: number[] = [];
  const use = async ({ jwt }: { jwt: string }) => {
    lives.push(Number(jwt) - now / 1000);
    now += seconds * 1000;
    return !refuses && Number(jwt) * 1000 > now;
  };
  return { lives, used: withDyingToken(probe, minter, { use, taken: (took) => took }) };
}

it('a token has three seconds left where the answer comes at once', async () => {
  const { used, lives } = deployment(0);
  expect(await used).toMatchObject({ used: true, late: false, token: { end: 1_000_000_003_000 } });
  expect(lives).toEqual([3]);
});

it('another one lives longer where the first was dead by the time of the answer', async () => {
  const { used, lives } = deployment(4);
  expect(await used).toMatchObject({ used: true, late: false });
  expect(lives).toEqual([3, 10]);
});

it('what is too slow for the second one, too, is late', async () => {
  expect(await deployment(11).used).toMatchObject({ used: false, late: true });
});

it('a token that is refused while it lives is refused, and not late', async () => {
  const { used, lives } = deployment(0, true);
  expect(await used).toMatchObject({ used: false, late: false });
  expect(lives).toEqual([3]);
});
