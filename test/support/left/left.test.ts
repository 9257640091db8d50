import { execFile, spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeAway, temporary } from './left.js';
import { livesOf } from './processes.js';

const vitest = join(import.meta.dirname, '../../../node_modules/vitest/vitest.mjs');
const root = join(import.meta.dirname, 'planted');
const linux = process.platform === 'linux';

/** Of the planted files: whether the run failed, how each file ended, and what was said. */
function run(...files: string[]): Promise<{ readonly code: unknown; readonly said: string }> {
  const args = [vitest, 'run', '--root', root, ...files];
  const env = { PATH: process.env.PATH ?? '', TMPDIR: tmpdir(), NO_COLOR: '1' };
  return new Promise((resolve) =>
    execFile(process.execPath, args, { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : error.code, said: `${out}${err}` }),
    ),
  );
}

describe.concurrent('a run of tests', () => {
  it.skipIf(!linux)('fails the files that leave something, says what, and takes it away', async () => {
    const { code, said } = await run('folder', 'process', 'tidy');
    expect(said).toMatch(/folder\.planted\.ts left behind the file or folder planted-\w+$/m);
    const [, pid] = /process\.planted\.ts left behind the process (\d+), \/bin\/sh -c while/.exec(said) ?? [];
    expect(said).toMatch(/Test Files {2}2 failed \| 1 passed \(3\)/);
    expect(said).not.toContain('the tests left behind');
    expect(code).toBe(1);
    expect(livesOf('while :; do /bin/sleep 1000; done').map((live) => String(live.pid))).not.toContain(pid);
  });

  it('fails where nothing but a file of which no test ran leaves something', async () => {
    const { code, said } = await run('skipped', 'tidy');
    expect(said).toMatch(/Test Files {2}1 passed \| 1 skipped \(2\)/);
    expect(said).toMatch(/the tests left behind the file or folder f-\w+\/early-\w+$/m);
    expect(code).toBe(1);
  });

  it('passes where nothing is left', async () => {
    expect(await run('tidy')).toMatchObject({ code: 0, said: expect.stringContaining('1 passed (1)') });
  });
});

describe.runIf(linux)('what belongs to a folder', () => {
  const cases = {
    'by its environment': (folder: string) => ({ env: { TMPDIR: folder } }),
    'by where it is': (folder: string) => ({ cwd: folder, env: {} }),
    'by its command': (folder: string) => ({ argv0: join(folder, 'program'), env: {} }),
  };

  it.each(Object.entries(cases))('is a process of nobody, %s', async (_, options) => {
    const folder = temporary(tmpdir(), 'own-');
    // its parent ends at once
    const script =
      'import("node:child_process").then(({ spawn }) => spawn("/bin/sleep", ["1000"], JSON.parse(process.argv[1])).unref())';
    const given = { ...options(folder), detached: true, stdio: 'ignore' };
    await new Promise((resolve) => execFile(process.execPath, ['-e', script, JSON.stringify(given)], resolve));
    const [live, ...more] = livesOf(folder);
    expect(more).toEqual([]);
    expect(await takeAway(folder, { looks: 2 })).toEqual([`the process ${live?.pid}, ${live?.command}`]);
    expect(livesOf(folder)).toEqual([]);
    expect(readdirSync(tmpdir())).not.toContain(folder);
  });

  it('is not what another folder has, or another process started', async () => {
    const [mine, other] = [temporary(tmpdir(), 'own-'), temporary(tmpdir(), 'own-')];
    const child = spawn('sleep', ['1000'], { env: { PATH: process.env.PATH, TMPDIR: other }, stdio: 'ignore' });
    try {
      const stranger = 2 ** 30;
      expect(await takeAway(mine, { looks: 2, ancestor: stranger })).toEqual([]);
      expect(child.exitCode ?? child.signalCode).toBeNull();
      expect(livesOf(other).map(({ pid }) => pid)).toEqual([child.pid]);
    } finally {
      child.kill('SIGKILL');
      await takeAway(other);
    }
  });

  it('is a folder in it, unless it goes while one looks', async () => {
    const folder = temporary(tmpdir(), 'own-');
    mkdirSync(join(folder, 'left'));
    let looks = 0;
    const files = () => (++looks < 3 ? ['going'] : []);
    expect(await takeAway(folder, { files, looks: 3 })).toEqual([]);
    const again = temporary(tmpdir(), 'own-');
    mkdirSync(join(again, 'left'));
    expect(await takeAway(again, { looks: 3 })).toEqual(['the file or folder left']);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('own-'))).toEqual([]);
  });
});
