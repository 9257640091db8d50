import { spawn } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';

// what hooks of the file end and take away, and what needs a while to end, is not left
const folder = mkdtempSync(path.join(tmpdir(), 'tidy-'));
afterAll(() => rmdirSync(folder));

it('is told to end, and ends', () => {
  const child = spawn('sh', ['-c', 'read line; sleep 0.1'], { env: { PATH: process.env.PATH }, cwd: '/' });
  expect(child.pid).toBeGreaterThan(0);
  child.stdin.end('\n');
});
