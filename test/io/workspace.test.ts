import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorkspace } from '../../src/io/workspace.js';
import type { FileChange } from '../../src/world.js';
import { bundle } from '../support/bundle.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lockstep-workspace-'));
});
afterEach(() => {
  process.umask(0o022);
  rmSync(root, { recursive: true, force: true });
});

const workspace = createWorkspace(() => Date.UTC(2026, 10, 21, 12), new AbortController().signal);
const at = (name: string) => join(root, name);
const mode = (name: string) => lstatSync(at(name)).mode & 0o777;
const change = (name: string, before: string | null, after: string, secret = true): FileChange => ({
  path: at(name),
  before: before === null ? null : Buffer.from(before),
  after: Buffer.from(after),
  secret,
});
const write = (changes: FileChange[], follow = false) => workspace.write(changes, root, follow);
const traces = () => readdirSync(root).filter((name) => name.startsWith('.lockstep.'));

test.each([0o000, 0o022, 0o077])(
  'secrets end readable by their owner only, backups too, under umask %o',
  async (mask) => {
    writeFileSync(at('.env'), 'old\n');
    chmodSync(at('.env'), 0o644);
    process.umask(mask);
    expect(await write([change('.env', 'old\n', 'new\n'), change('.env.local', null, 'fresh\n')])).toEqual([
      at('.env.bak.20261121T120000.000Z'),
    ]);
    expect([mode('.env'), mode('.env.local'), mode('.env.bak.20261121T120000.000Z')]).toEqual([0o600, 0o600, 0o600]);
    expect(readFileSync(at('.env.bak.20261121T120000.000Z'), 'utf8')).toBe('old\n');
  },
);

test('a mode narrower than 0600 stays, and a file without secrets keeps the mode that it has', async () => {
  for (const [name, bits] of [
    ['.env', 0o400],
    ['.gitignore', 0o664],
  ] as const) {
    writeFileSync(at(name), 'old\n');
    chmodSync(at(name), bits);
  }
  await write([change('.env', 'old\n', 'new\n'), change('.gitignore', 'old\n', 'new\n', false)]);
  expect([mode('.env'), mode('.gitignore')]).toEqual([0o400, 0o664]);
});

test('a second backup within the same millisecond does not replace the first', async () => {
  writeFileSync(at('.env'), '1\n');
  await write([change('.env', '1\n', '2\n')]);
  await write([change('.env', '2\n', '3\n')]);
  const backups = readdirSync(root).filter((name) => name.includes('.bak.'));
  expect(backups.map((name) => readFileSync(at(name), 'utf8')).sort()).toEqual(['1\n', '2\n']);
});

test.runIf(process.getuid?.() === 0)('the owner and the group of a file stay, also when root writes', async () => {
  writeFileSync(at('.env'), 'old\n');
  chownSync(at('.env'), 1234, 4321);
  await write([change('.env', 'old\n', 'new\n')]);
  expect(statSync(at('.env'))).toMatchObject({ uid: 1234, gid: 4321, mode: 0o100600 });
});

test.each([
  { name: 'changed', now: 'theirs\n', before: 'old\n' },
  { name: 'made', now: 'theirs\n', before: null },
  { name: 'removed', now: null, before: 'old\n' },
])('a file that was $name since the plan is left alone, and so are all others', async ({ now, before }) => {
  if (now !== null) writeFileSync(at('.env'), now);
  const changes = [change('.env.local', null, 'fresh\n'), change('.env', before, 'new\n')];
  await expect(write(changes)).rejects.toMatchObject({ code: 'changed-meanwhile', exit: 5 });
  expect(readdirSync(root)).toEqual(now === null ? [] : ['.env']);
  if (now !== null) expect(readFileSync(at('.env'), 'utf8')).toBe(now);
});

test('a symbolic link is refused, as a file or on the way to it, and followed only where that is asked for', async () => {
  mkdirSync(at('real'));
  writeFileSync(at('real/.env'), 'old\n');
  symlinkSync('real/.env', at('.env'));
  symlinkSync('real', at('backend'));
  const refusal = { code: 'symlink', exit: 5, hint: expect.stringContaining('--follow') };
  for (const path of ['.env', 'backend/.env']) {
    await expect(workspace.look(at(path), root, false)).rejects.toMatchObject(refusal);
    await expect(write([change(path, 'old\n', 'new\n')])).rejects.toMatchObject(refusal);
    expect(readFileSync(at('real/.env'), 'utf8')).toBe('old\n');
  }
  await write([change('.env', 'old\n', 'new\n')], true);
  expect(readFileSync(at('real/.env'), 'utf8')).toBe('new\n');
  expect(lstatSync(at('.env')).isSymbolicLink()).toBe(true);
});

test.each([
  { what: 'a folder', make: () => mkdirSync(at('.env')) },
  { what: 'a pipe', make: () => execFileSync('mkfifo', [at('.env')]) },
  { what: 'a file of 10 MB', make: () => writeFileSync(at('.env'), Buffer.alloc(10_000_000, 'x')) },
])('$what in the place of an env file is told and not opened', async ({ make }) => {
  make();
  await expect(workspace.look(at('.env'), root, false)).rejects.toMatchObject({ code: 'unfit-file', exit: 2 });
});

test.runIf(process.getuid?.() === 0)('an ordinary user is told by name what may not be written', async () => {
  const { folder, file } = await bundle('io/workspace.ts');
  try {
    chmodSync(folder, 0o755);
    writeFileSync(at('.env'), 'old\n', { mode: 0o644 });
    const script = `require(${JSON.stringify(file)}).createWorkspace(Date.now, new AbortController().signal).write(
      [{ path: ${JSON.stringify(at('.env'))}, before: Buffer.from('old\\n'), after: Buffer.from('new\\n'), secret: true }],
      ${JSON.stringify(root)}, false,
    ).then(() => console.log('written'), ({ code, message }) => console.log(code, message))`;
    const asNobody = () =>
      execFileSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, '-e', script], {
        encoding: 'utf8',
      });
    chmodSync(root, 0o755);
    expect(asNobody()).toMatch(/^cannot-write .*\.journal: permission denied\n$/);
    // the folder is theirs to write to, but the file is root's and would become theirs
    chmodSync(root, 0o777);
    expect(asNobody()).toMatch(/^cannot-write .*: permission denied\n$/);
    expect(readdirSync(root)).toEqual(['.env']);
    expect(readFileSync(at('.env'), 'utf8')).toBe('old\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('of two writers the second steps back while the first is at work, and not when it is dead', async () => {
  const other = spawn('sleep', ['60'], { stdio: 'ignore' });
  try {
    writeFileSync(at(`.lockstep.${other.pid}-0123abcd.journal`), '');
    await expect(write([change('.env', null, 'new\n')])).rejects.toMatchObject({ code: 'busy', exit: 3 });
    await expect(workspace.settle(root)).rejects.toMatchObject({ code: 'busy', exit: 3 });
    expect(readdirSync(root)).toEqual([`.lockstep.${other.pid}-0123abcd.journal`]);
  } finally {
    const ended = new Promise((resolve) => other.on('close', resolve));
    other.kill('SIGKILL');
    await ended;
  }
  await expect(write([change('.env', null, 'new\n')])).rejects.toMatchObject({ code: 'unsettled', exit: 3 });
  expect(await workspace.unsettled(root)).toBe(true);
  expect(await workspace.settle(root)).toEqual([]);
  expect(await workspace.unsettled(root)).toBe(false);
  await write([change('.env', null, 'new\n')]);
  expect(readFileSync(at('.env'), 'utf8')).toBe('new\n');
});

test('of many writers at once each writes whole or not at all', async () => {
  const outcomes = await Promise.allSettled(
    Array.from({ length: 8 }, (_, i) => write([change('a', null, `${i}`), change('b', null, `${i}`)])),
  );
  const won = outcomes.flatMap(({ status }, i) => (status === 'fulfilled' ? [i] : []));
  await workspace.settle(root);
  expect(won.length).toBeLessThanOrEqual(1);
  const left = won.length === 0 ? [] : ['a', 'b'];
  expect(readdirSync(root).sort()).toEqual(left);
  for (const name of left) expect(readFileSync(at(name), 'utf8')).toBe(`${won[0]}`);
});

test('a journal that came with a checkout moves no file, whatever it says', async () => {
  writeFileSync(at('victim'), 'mine\n');
  writeFileSync(at('evil'), 'theirs\n');
  const { dev, ino, size, mtimeNs } = statSync(at('victim'), { bigint: true });
  const version = `${dev}:${ino}:${size}:${mtimeNs}`;
  const entries = [{ target: at('victim'), staged: at('evil'), kept: at('kept'), backup: null, version }];
  const stem = at('.lockstep.999999999-0123abcd');
  writeFileSync(`${stem}.journal`, JSON.stringify({ stamp: '1:2', host: null, entries }), { mode: 0o600 });
  writeFileSync(`${stem}.commit`, '', { mode: 0o600 });
  expect(await workspace.settle(root)).toEqual([]);
  expect(readFileSync(at('victim'), 'utf8')).toBe('mine\n');
  expect(traces()).toEqual([]);
  // the same journal with the stamp of its own file is obeyed: it is the stamp that decides
  writeFileSync(`${stem}.journal`, '', { mode: 0o600 });
  const own = statSync(`${stem}.journal`, { bigint: true });
  writeFileSync(`${stem}.journal`, JSON.stringify({ stamp: `${own.dev}:${own.ino}`, host: null, entries }));
  writeFileSync(`${stem}.commit`, '');
  expect(await workspace.settle(root)).toMatchObject([{ how: 'completed' }]);
  expect(readFileSync(at('victim'), 'utf8')).toBe('theirs\n');
});
