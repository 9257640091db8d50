import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { expect, test } from 'vitest';
import { lockstep } from '../support/bin.js';
import type { Checkout } from '../support/checkout.js';
import { checkout, quickstart } from '../support/checkout.js';
import { sampled, turn, which } from '../support/kills.js';

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

/** Points that an undisturbed run passes: of a kind with another are those of one step between the same two renames. */
const recorded = () =>
  withCheckout(async (at) => {
    writeFileSync(at.path('points'), '');
    const env = { LOCKSTEP_KILL_RECORD: at.path('points') };
    expect(await lockstep(rotate, { cwd: at.root, env })).toMatchObject({ code: 0 });
    const points = readFileSync(at.path('points'), 'utf8').split('\n').filter(Boolean);
    expect(points.length).toBeGreaterThan(50);
    const stepOf = (point: string) => point.replace(/\.\d+$/, '');
    const renames = (index: number) => points.slice(0, index).filter((point) => stepOf(point) === 'rename').length;
    return sampled(points, (point, index) => `${stepOf(point)} after ${renames(index)}`, 6);
  });

/** Two at a time: as many as the machine has cores. */
async function each(points: readonly string[], act: (point: string) => Promise<void>): Promise<void> {
  const queue = [...points];
  const worker = async () => {
    for (let point = queue.shift(); point !== undefined; point = queue.shift()) await act(point);
  };
  await Promise.all([worker(), worker()]);
}

const traces = (at: Checkout) => Object.keys(at.snapshot()).filter((name) => name.includes('.lockstep.'));

test(`init that is killed leaves one secret after the next init, and that one says so, ${which}`, {
  timeout: 300_000,
}, async () => {
  const seen = new Set<string>();
  await each(await recorded(), (point) =>
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
      expect(traces(at), point).toEqual([]);
      seen.add(`${left}>${now}`);
    }),
  );
  expect([...seen].sort()).toEqual(['mix>new', 'new>new', 'old>new', 'old>old']);
});

const faults = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['ENOSPC', 3],
  ['EIO', 3],
] as const;

// each of them at each of the points of writing: test/io/transaction/kill-points.test.ts
test(`init that is asked to end, or whose disk fails, leaves one secret at once, and the exit code says which it was, ${which}`, {
  timeout: 300_000,
}, async () => {
  const seen = new Set<string>();
  const points = await recorded();
  await each(points, (point) =>
    withCheckout(async (at) => {
      const [fault, owed] = turn(faults, points.indexOf(point));
      const { code, err } = await lockstep(rotate, { cwd: at.root, env: { LOCKSTEP_KILL_AT: `${point}=${fault}` } });
      const now = secrets(at);
      const where = `${point} ${fault}: ${err}`;
      expect(now, where).not.toBe('mix');
      // a signal that comes when all is done may find nobody any more
      expect(now === 'new' && owed > 3 ? [owed, 0] : [owed], where).toContain(code);
      if (owed > 3) expect(traces(at), where).toEqual([]);
      if (owed === 3) expect(err, where).toMatch(/^lockstep: /m);
      seen.add(`${fault} ${now}`);
    }),
  );
  expect([...seen].sort()).toEqual(faults.flatMap(([fault]) => [`${fault} new`, `${fault} old`]).sort());
});
