import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';

it('leaves a process that has nothing of this one, and leads a group of its own', () => {
  const options = { env: {}, cwd: '/', detached: true, stdio: 'ignore' } as const;
  expect(spawn('/bin/sh', ['-c', 'while :; do /bin/sleep 1000; done'], options).pid).toBeGreaterThan(0);
});
