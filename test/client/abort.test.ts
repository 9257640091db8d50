import { getEventListeners } from 'node:events';
import { expect, it, vi } from 'vitest';
import { onAbort, unlessAborted } from '../../src/client/abort.js';

it('a signal that has aborted already is heard at once', () => {
  const run = vi.fn();
  onAbort(AbortSignal.abort(), run);
  expect(run).toHaveBeenCalledOnce();
});

it.each([
  ['comes to something', () => Promise.resolve()],
  ['fails', () => Promise.reject(new Error('failed'))],
])('a signal that outlives what it was given to is let go of when that %s', async (_how, make) => {
  const { signal } = new AbortController();
  await unlessAborted<void>(make(), signal).catch(() => {});
  await Promise.resolve();
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
