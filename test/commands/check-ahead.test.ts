import { expect, test } from 'vitest';
import { ahead } from '../../src/commands/check-ahead.js';
import type { AnyCheck } from '../../src/core/check.js';
import { noMaterial } from '../../src/core/material.js';
import type { Journal } from '../../src/world.js';

/** What is made ready for a plan of these checks, however many requests are sent. */
async function ready(
  checks: readonly Partial<AnyCheck>[],
  { barred = null, signsUp = false }: { readonly barred?: string | null; readonly signsUp?: boolean } = {},
): Promise<string[]> {
  const seen: string[] = [];
  const see = (what: string) => async () => void seen.push(what);
  const readiness = ahead(
    checks.map((check) => ({ check: { impact: 'reads', ...check } as AnyCheck, after: [], barred, asked: true })),
    {
      journal: { prepare: see('journal') } as unknown as Journal,
      world: { sockets: { prepare: see('sockets'), open: () => Promise.reject() } },
      material: async () => {
        seen.push('material');
        return noMaterial;
      },
      signsUp,
    },
  );
  await new Promise(setImmediate);
  expect(seen).toEqual([]);
  readiness.sent();
  readiness.sent();
  await readiness.ready;
  return seen;
}

const login = { id: 'session/login' };
const writing = { id: 'isolation/read', impact: 'writes' } as const;
const socket = { id: 'ws/connects-after-auth' };

test('what the rest of a plan needs is made ready once, when the first request is on its way', async () => {
  expect(await ready([login, writing, socket])).toEqual(['journal', 'sockets', 'material']);
});

test('what it does not need is not', async () => {
  expect(await ready([login])).toEqual(['material']);
  expect(await ready([login, writing, socket], { barred: 'it may not' })).toEqual(['material']);
});

test('nothing is written where users are to be made, before it is known that they may be', async () => {
  expect(await ready([login, writing], { signsUp: true })).toEqual(['material']);
});
