import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { expect, test } from 'vitest';
import { lockstep } from '../support/bin.js';
import type { Checkout } from '../support/checkout.js';
import { checkout, quickstart } from '../support/checkout.js';

/** A pair that is set up with a secret that somebody replaces. */
const old = 'an-old-secret-that-was-long-enough-for-years';
const project = {
  ...quickstart,
  'frontend/.env.local': `DATABASE_URL=postgresql://h/db\nBETTER_AUTH_SECRET=${old}\n`,
  'backend/.env': `DATABASE_URL=postgresql+asyncpg://h/db\nBETTER_AUTH_SECRET=${old}\n`,
};
const rotate = ['init', '--yes', '--no-input', '--replace-secret', '--confirm', 'BETTER_AUTH_SECRET'];

function secrets(at: Checkout): string {
  const [one, other] = ['frontend/.env.local', 'backend/.env'].map((name) => parse(at.read(name)).BETTER_AUTH_SECRET);
  if (one !== other) return 'mix';
  return one === old ? 'old' : 'new';
}

async function withCheckout<T>(act: (at: Checkout) => Promise<T>): Promise<T> {
  const at = checkout(project);
  try {
    return await act(at);
  } finally {
    at.remove();
  }
}

test('init that is killed at any of its steps leaves one secret after the next init, and that one says so', {
  timeout: 300_000,
}, async () => {
  const points = await withCheckout(async (at) => {
    writeFileSync(at.path('points'), '');
    const env = { LOCKSTEP_KILL_RECORD: at.path('points') };
    expect(await lockstep(rotate, { cwd: at.root, env })).toMatchObject({ code: 0 });
    return readFileSync(at.path('points'), 'utf8').split('\n').filter(Boolean);
  });
  expect(points.length).toBeGreaterThan(50);
  const seen = new Set<string>();
  const one = async (point: string) =>
    withCheckout(async (at) => {
      expect(await lockstep(rotate, { cwd: at.root, env: { LOCKSTEP_KILL_AT: point } }), point).toMatchObject({
        code: null,
      });
      const left = secrets(at);
      // a check writes nothing, but never calls this in step
      const { code } = await lockstep(['init', '--check'], { cwd: at.root });
      const next = await lockstep(['init', '--yes', '--no-input'], { cwd: at.root });
      expect(next.code, `${point}: ${next.err}`).toBe(0);
      const now = secrets(at);
      expect(now, point).not.toBe('mix');
      if (left === 'mix') expect(next.err, point).toContain('a run that was cut is completed');
      if (left === 'mix') expect(code, point).toBe(4);
      expect(
        Object.keys(at.snapshot()).filter((name) => name.includes('.lockstep.')),
        point,
      ).toEqual([]);
      seen.add(`${left}>${now}`);
    });
  const queue = [...points];
  const worker = async () => {
    for (let point = queue.shift(); point !== undefined; point = queue.shift()) await one(point);
  };
  await Promise.all([worker(), worker()]);
  expect([...seen].sort()).toEqual(['mix>new', 'new>new', 'old>new', 'old>old']);
});
