import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, inject } from 'vitest';
import { takeAway, temporary } from './left.js';

/**
 * Around each file of tests: a temporary folder of its own, for itself and for what it starts. A file that leaves something
 * in it, or a process alive, fails by that. What hooks of the file itself take away is gone by then: they run before this one.
 */
const before = process.env.TMPDIR;
const folder = temporary(inject('temporary') ?? tmpdir(), 'f-');
process.env.TMPDIR = folder;

afterAll(async () => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  const left = await takeAway(folder, { ancestor: process.pid, looks: inject('looks') });
  const file = path.relative('.', expect.getState().testPath ?? '');
  if (left.length > 0) throw new Error(`${file} left behind ${left.join(', and ')}`);
});
