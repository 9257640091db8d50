import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorkspace } from '../../../src/io/workspace.js';
import { bundle } from '../../support/bundle.js';
import { besides, modes, parts, scene, state } from './scene.js';

/** A process of its own that settles what it finds and then, unless told otherwise, writes the scene's changes. */
const driver = `
const { createWorkspace } = require('./module.cjs');
const { root, changes, only } = JSON.parse(require('node:fs').readFileSync(process.argv[2], 'utf8'));
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop.abort(signal));
const bytes = (text) => (text === null ? null : Buffer.from(text, 'base64'));
const workspace = createWorkspace(Date.now, stop.signal);
(async () => {
  const settled = await workspace.settle(root);
  if (only !== 'settle') {
    await workspace.write(changes.map((c) => ({ ...c, before: bytes(c.before), after: bytes(c.after) })), root, false);
  }
  return { settled };
})().then((done) => console.log(JSON.stringify(done)), ({ code, message }) => console.log(JSON.stringify({ code, message })));
`;

let folder = '';
beforeAll(async () => {
  const built = await bundle('io/workspace.ts');
  folder = built.folder;
  writeFileSync(join(folder, 'driver.cjs'), driver);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly signal: string | null;
  readonly settled?: { how: string; paths: string[]; changed: string[] }[];
  readonly code?: string;
  readonly message?: string;
}

/** Runs the driver, with LOCKSTEP_KILL_AT or LOCKSTEP_KILL_RECORD in its environment. */
function run({ root, changes }: ReturnType<typeof scene>, env: Record<string, string>, only?: 'settle'): Promise<Run> {
  const plan = join(folder, `${root.split('/').at(-1)}.json`);
  const base64 = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString('base64'));
  const listed = changes.map((change) => ({ ...change, before: base64(change.before), after: base64(change.after) }));
  writeFileSync(plan, JSON.stringify({ root, changes: listed, only }));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(folder, 'driver.cjs'), plan], {
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.on('close', (_, signal) => resolve({ signal, ...(out === '' ? {} : JSON.parse(out)) }));
  });
}

async function points(stage: ReturnType<typeof scene>, only?: 'settle', also?: string): Promise<string[]> {
  const record = join(folder, `${stage.root.split('/').at(-1)}.points`);
  writeFileSync(record, '');
  await run(stage, { LOCKSTEP_KILL_RECORD: record, ...(also === undefined ? {} : { LOCKSTEP_KILL_AT: also }) }, only);
  return readFileSync(record, 'utf8').split('\n').filter(Boolean);
}

/** What must hold once a next run has settled: one of the two states, backups of the old ones only, no trace. */
function expectWhole(root: string, at: string): 'old' | 'new' {
  const is = state(root);
  expect(is, at).toMatch(/^(old|new)$/);
  const { backups, traces } = besides(root);
  expect(traces, at).toEqual([]);
  if (is === 'old') expect(backups, at).toEqual([]);
  else {
    expect(modes(root), at).toEqual(parts.map(({ mode }) => mode[1]));
    expect(backups, at).toEqual([expect.stringMatching(/^frontend\/\.env\.local\.bak\.\d{8}T\d{6}\.\d{3}Z$/)]);
    const backup = join(root, backups[0] as string);
    expect(readFileSync(backup, 'utf8'), at).toBe(parts[1]?.old);
    expect(statSync(backup).mode & 0o777, at).toBe(0o600);
  }
  return is as 'old' | 'new';
}

/** The next run, which nothing disturbs, in this process. */
const settle = ({ root }: ReturnType<typeof scene>) =>
  createWorkspace(Date.now, new AbortController().signal).settle(root);

const content = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : null);

async function withScene<T>(act: (stage: ReturnType<typeof scene>) => Promise<T>): Promise<T> {
  const stage = scene();
  try {
    return await act(stage);
  } finally {
    rmSync(stage.root, { recursive: true, force: true });
  }
}

/** Two at a time: as many as the machine has cores. */
async function each<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await act(item);
  };
  await Promise.all([worker(), worker()]);
}

test('an undisturbed run writes all, keeps what the old env file was, and leaves no trace', () =>
  withScene(async (stage) => {
    expect(await run(stage, {})).toEqual({ signal: null, settled: [] });
    expect(expectWhole(stage.root, 'undisturbed')).toBe('new');
  }));

test('the points found are those of a whole transaction: every kind of step, for every file', () =>
  withScene(async (stage) => {
    const found = await points(stage);
    const kinds = new Set(found.map((name) => name.split('.')[0]));
    expect([...kinds].sort()).toEqual(['chmod', 'create', 'keep', 'remove', 'rename', 'sync', 'sync-folder', 'write']);
    // journal, four new files, two marks for files that were not there, the commit mark
    expect(found.filter((name) => name.split('.')[0] === 'create')).toHaveLength(8);
    // four into their places, one to its backup
    expect(found.filter((name) => name.split('.')[0] === 'rename')).toHaveLength(5);
  }));

describe('whatever happens at whichever step, all files are old or all are new', () => {
  test('kill -9: the next run says how it settled, and the files are whole', { timeout: 120_000 }, () =>
    withScene(async (first) => {
      const seen = new Set<string>();
      await each(await points(first), (at) =>
        withScene(async (stage) => {
          expect((await run(stage, { LOCKSTEP_KILL_AT: at })).signal, at).toBe('SIGKILL');
          const left = state(stage.root);
          const settled = await settle(stage);
          const now = expectWhole(stage.root, at);
          // a mix is never mended in silence, and what is said is so
          const said = [{ how: now === 'new' ? 'completed' : 'undone', changed: [] }];
          if (left !== now || settled.length > 0) expect(settled, at).toMatchObject(said);
          seen.add(`${left === 'old' || left === 'new' ? left : 'mix'}>${now}`);
        }),
      );
      // the kill really fell on every side: before, between and after the renames
      expect([...seen].sort()).toEqual(['mix>new', 'new>new', 'old>new', 'old>old']);
    }),
  );

  test.each(['SIGINT', 'SIGTERM'])('%s: at once, without a next run', { timeout: 120_000 }, (asked) =>
    withScene(async (first) => {
      const seen = new Set<string>();
      await each(await points(first), (at) =>
        withScene(async (stage) => {
          const { signal, code } = await run(stage, { LOCKSTEP_KILL_AT: `${at}=${asked}` });
          expect(signal, at).toBeNull();
          const now = expectWhole(stage.root, at);
          expect(code, at).toBe(now === 'old' ? 'interrupted' : undefined);
          seen.add(now);
        }),
      );
      expect([...seen].sort()).toEqual(['new', 'old']);
    }),
  );

  test.each(['ENOSPC', 'EIO'])(
    '%s: an error in words, at once all old, or all new and then only tidying is left',
    { timeout: 120_000 },
    (error) =>
      withScene(async (first) => {
        const seen = new Set<string | undefined>();
        await each(await points(first), (at) =>
          withScene(async (stage) => {
            const { signal, code, message } = await run(stage, { LOCKSTEP_KILL_AT: `${at}=${error}` });
            expect(signal, at).toBeNull();
            expect(message, at).toBeDefined();
            const left = state(stage.root);
            expect(left, at).toBe(code === 'untidy' ? 'new' : 'old');
            await settle(stage);
            expect(expectWhole(stage.root, at), at).toBe(left);
            seen.add(code);
          }),
        );
        expect([...seen].sort()).toEqual(['cannot-write', 'untidy']);
      }),
  );

  test('kill -9 while settling, at any of its steps: the next one finishes the work', {
    timeout: 180_000,
  }, async () => {
    // a run cut while staging, between the first two renames, and while tidying
    for (const cut of ['create.4', 'rename.2', 'rename.5']) {
      const found = await withScene(async (stage) => {
        await run(stage, { LOCKSTEP_KILL_AT: cut });
        return points(stage, 'settle');
      });
      expect(found.length).toBeGreaterThan(8);
      await each(found, (at) =>
        withScene(async (stage) => {
          await run(stage, { LOCKSTEP_KILL_AT: cut });
          expect((await run(stage, { LOCKSTEP_KILL_AT: at }, 'settle')).signal, `${cut}, ${at}`).toBe('SIGKILL');
          await settle(stage);
          expect(expectWhole(stage.root, `${cut}, ${at}`)).toBe(cut === 'create.4' ? 'old' : 'new');
        }),
      );
    }
  });

  test('kill -9 while undoing after an error: the next run undoes the rest', { timeout: 120_000 }, async () => {
    const error = 'rename.3=EIO';
    const found = await withScene((stage) => points(stage, undefined, error));
    const undoing = found.slice(found.indexOf('rename.3') + 1);
    expect(undoing.length).toBeGreaterThan(8);
    await each(undoing, (at) =>
      withScene(async (stage) => {
        expect((await run(stage, { LOCKSTEP_KILL_AT: `${error},${at}` })).signal, at).toBe('SIGKILL');
        await settle(stage);
        // cut before the mark is off, the run still counts as staged and is completed
        expect(expectWhole(stage.root, at), at).toBe(at === undoing[0] ? 'new' : 'old');
      }),
    );
  });

  test('what somebody writes between a kill -9 and the next run is never lost', { timeout: 120_000 }, () =>
    withScene(async (first) => {
      const told = new Set<number>();
      await each(await points(first), (at) =>
        withScene(async (stage) => {
          await run(stage, { LOCKSTEP_KILL_AT: at });
          const theirs = parts.filter(({ path, old }) => content(join(stage.root, path)) === old);
          for (const { path } of theirs) writeFileSync(join(stage.root, path), `by hand: ${path}\n`);
          const settled = await settle(stage);
          for (const { path } of theirs) expect(content(join(stage.root, path)), at).toBe(`by hand: ${path}\n`);
          for (const { changed, how } of settled) {
            if (how === 'completed') expect(changed, at).toEqual(theirs.map(({ path }) => join(stage.root, path)));
            told.add(changed.length);
          }
          expect(besides(stage.root).traces, at).toEqual([]);
        }),
      );
      expect([...told].sort()).toEqual([0, 1, 2, 3, 4]);
    }),
  );
});
