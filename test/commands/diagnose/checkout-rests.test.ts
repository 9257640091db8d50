import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lookAtSources } from '../../../src/commands/diagnose/checkout.js';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'lockstep-rests-'));
  for (let n = 0; n < 20; n++)
    writeFileSync(path.join(dir, `f${n}.ts`), "import jwt from 'jsonwebtoken';\njwt.verify(token, KEY);\n");
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A look at the sources in a world where each file takes a second, that is over after so many rests. */
async function looked(rests: number) {
  const over = new AbortController();
  let now = 0;
  let rested = 0;
  const timer = (_: number, callback: () => void) => {
    rested += 1;
    if (rested > rests) over.abort();
    queueMicrotask(callback);
    return () => {};
  };
  const monotonic = () => (now += 1_000);
  const seen = await lookAtSources({ dir, cwd: dir }, { timer, monotonic, interrupted: over.signal });
  return { ...seen, rested };
}

it('a look at many sources lets others be heard, and ends with the run', async () => {
  const whole = await looked(1_000);
  expect(whole.rested).toBeGreaterThan(15);
  expect(whole.look).toEqual({ part: 'checkout', failed: null });
  expect(whole.observations).toHaveLength(20);
  const cut = await looked(5);
  expect(cut).toEqual({
    observations: [],
    look: { part: 'checkout', failed: 'its files were not all looked at' },
    rested: 6,
  });
});
