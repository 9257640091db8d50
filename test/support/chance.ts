import { createHash } from 'node:crypto';
import path from 'node:path';
import { expect } from 'vitest';
import { seed } from './seed.js';

const root = path.resolve(import.meta.dirname, '../..');
const draws = new Map<string, number>();

/**
 * As that of node:crypto, but the same in another run of the same seed: each test draws from a stream of its own, whatever
 * else runs and in which order.
 */
export function randomBytes(length: number): Buffer {
  const { testPath = '', currentTestName = '' } = expect.getState();
  const whose = `${path.relative(root, testPath)} ${currentTestName}`;
  const draw = draws.get(whose) ?? 0;
  draws.set(whose, draw + 1);
  return createHash('shake256', { outputLength: length }).update(`${seed} ${draw} ${whose}`).digest();
}

/** A number in [0, 1). */
export function randomNumber(): number {
  return randomBytes(6).readUIntBE(0, 6) / 2 ** 48;
}
