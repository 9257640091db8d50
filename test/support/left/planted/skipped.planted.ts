import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'vitest';

// no test of it runs, and so no hook does, neither
describe.skip('a file that makes its folder too early', () => {
  mkdtempSync(path.join(tmpdir(), 'early-'));
  it('never runs', () => {});
});
