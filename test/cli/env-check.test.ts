import { execFileSync } from 'node:child_process';
import {
  chmodSync,
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
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockstep } from '../support/bin.js';

const secret = '9f1c4e7ab02d5683e1f7c9a4d85b30e26c7fa9d0134b8e5267fd90ac3be81572';
const half = 'Zx81c4e7ab02d5683e1f7c9a#d85b30e26c7fa9d0134b8e5267f';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-env-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string | Uint8Array>>, mode = 0o600): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
    chmodSync(join(folder, name), mode);
  }
}

const config = JSON.stringify({
  services: {
    frontend: { dir: 'frontend', loader: 'next' },
    backend: { dir: 'backend', loader: 'python-dotenv', env: '.env' },
  },
});
const inStep = {
  'lockstep.json': config,
  'frontend/.env.local': `BETTER_AUTH_SECRET=${secret}\nDATABASE_URL=postgresql://a:b@localhost/app\n`,
  'backend/.env': `BETTER_AUTH_SECRET=${secret}\nDATABASE_URL=postgresql+asyncpg://a:b@localhost/app\n`,
};

const check = (...args: string[]) => lockstep(['env', 'check', ...args], { cwd: folder });

describe('lockstep env check', () => {
  it('is silent about two halves in step, and ends with 0', async () => {
    write(inStep);
    const { code, out, err } = await check();
    expect(out).toContain('in step: 3 of 3 hold, 0 findings');
    expect([code, err]).toEqual([0, '']);
  });

  it('names the place and the reason where they differ, and ends with 1', async () => {
    write({
      ...inStep,
      'frontend/.env.local': `A=1\nBETTER_AUTH_SECRET=${half}\n`,
      'backend/.env': `BETTER_AUTH_SECRET=${half}\n`,
    });
    const { code, out } = await check();
    expect(code).toBe(1);
    expect(out).toContain('cut at #; both files say the same, and Next.js reads it so  env/secret.differs');
    expect(out).toContain(
      'at frontend/.env.local:2:20\n            BETTER_AUTH_SECRET=••••••••\n                               ^\n',
    );
  });

  it('finds the halves by itself, or takes them from flags', async () => {
    const { 'lockstep.json': _, ...files } = inStep;
    write({
      ...files,
      'frontend/package.json': '{"dependencies":{"next":"16.0.0","better-auth":"1.7.0"}}',
      'backend/requirements.txt': 'fastapi\npydantic-settings\n',
    });
    const found = await check('--json');
    expect(JSON.parse(found.out).services.map(({ loader }: { loader: string }) => loader)).toEqual([
      'next',
      'pydantic-settings',
    ]);
    expect(found.code).toBe(0);
    const said = await check(
      '--frontend',
      'frontend',
      '--backend',
      'backend',
      '--backend-loader',
      'docker',
      '--backend-env',
      '.env',
      '--json',
    );
    expect(JSON.parse(said.out).services.map(({ loader }: { loader: string }) => loader)).toEqual(['next', 'docker']);
    expect(said.code).toBe(0);
  });

  it('reads other files in another mode', async () => {
    write({
      ...inStep,
      'frontend/.env.production': `BETTER_AUTH_SECRET=${half}\n`,
      'frontend/.env.local': 'A=1\n',
      'frontend/.env.development': `BETTER_AUTH_SECRET=${secret}\n`,
    });
    expect((await check()).code).toBe(0);
    const { code, out } = await check('--mode', 'production', '--json');
    expect(code).toBe(1);
    expect(out).toContain('frontend/.env.production');
  });

  it('takes lockstep.json with comments, and tells its mistakes', async () => {
    write({ ...inStep, 'lockstep.json': config.replace('{', '{ // ours\n') });
    expect((await check()).code).toBe(0);
    write({ 'lockstep.json': config.replace('"next"', '"nest"') });
    const { code, out, err } = await check();
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('lockstep.json:1:');
  });

  it.each([
    ['no half is to be found', {}, []],
    ['a folder is not there', inStep, ['--frontend', 'web']],
    ['a loader is unknown', inStep, ['--frontend-loader', 'nest']],
    ['a flag is unknown', inStep, ['--fronted', 'frontend']],
    ['two formats are asked for', inStep, ['--json', '--sarif']],
  ] as const)('ends with 2 where %s', async (_, files, args) => {
    write(files);
    const { code, err } = await check(...args);
    expect([code, err !== '' || args.includes('--json' as never)]).toEqual([2, true]);
  });

  it('ends with 3 where there is nothing to compare', async () => {
    write({ 'lockstep.json': config, 'frontend/package.json': '{}', 'backend/x': '' });
    const { code, out } = await check('--json');
    expect([code, JSON.parse(out).outcome]).toEqual([3, 'unfinished']);
  });

  it('tells a file that git tracks from one that it does not', async () => {
    write(inStep);
    try {
      execFileSync('git', ['init', '-q'], { cwd: folder });
      execFileSync('git', ['add', 'backend/.env'], { cwd: folder });
    } catch {
      return expect.fail('this test needs git');
    }
    const { code, out } = await check('--json');
    const committed = JSON.parse(out).results[0].findings.filter(
      ({ code: each }: { code: string }) => each === 'env/file.committed',
    );
    expect([code, committed.map(({ data }: { data: { file: string } }) => data.file)]).toEqual([1, ['backend/.env']]);
  });

  it('says what is wrong with a file that is none, and goes on', async () => {
    const bad: Readonly<Record<string, () => void>> = {
      'env/file.folder': () => mkdirSync(join(folder, 'backend/.env')),
      'env/file.too-large': () => write({ 'backend/.env': Buffer.alloc(10 * 1024 * 1024, 'K=a\n') }),
      'env/file.binary': () => write({ 'backend/.env': Buffer.from([0, 1, 2, 3]) }),
      'env/file.utf-16': () =>
        write({ 'backend/.env': Buffer.from(`\ufeffBETTER_AUTH_SECRET=${secret}\r\n`, 'utf16le') }),
      'env/file.line-ignored': () => write({ 'backend/.env': `BETTER_AUTH_SECRET="${secret}\n` }),
    };
    write(inStep);
    for (const [code, make] of Object.entries(bad)) {
      rmSync(join(folder, 'backend/.env'), { recursive: true, force: true });
      make();
      const ended = await check('--json');
      expect([code, ended.code, ended.out.includes(code)]).toEqual([code, 1, true]);
    }
  });

  it('reads through a symbolic link', async () => {
    write({ ...inStep, 'shared.env': inStep['backend/.env'] });
    rmSync(join(folder, 'backend/.env'));
    symlinkSync('../shared.env', join(folder, 'backend/.env'));
    expect((await check()).code).toBe(0);
  });

  it('prints no part of a secret in any form, and two runs print different fingerprints', async () => {
    write({
      ...inStep,
      'backend/.env': `BETTER_AUTH_SECRET=${half}\nX="\n`,
      'frontend/.env.local': `BETTER_AUTH_SECRET=${secret}\n${secret}\nNEXT_PUBLIC_X=${secret}\n`,
    });
    const runs = await Promise.all([check(), check(), check('--json'), check('--sarif')]);
    for (const { code, out, err } of runs) {
      expect(code).toBe(1);
      for (const value of [secret, half])
        for (let at = 0; at + 6 <= value.length; at++) expect(out + err).not.toContain(value.slice(at, at + 6));
    }
    const marks = runs.slice(0, 2).map(({ out }) => /\(([0-9a-f]{6}) and ([0-9a-f]{6})\)/.exec(out)?.[0]);
    expect(marks[0]).toBeDefined();
    expect(marks[0]).not.toBe(marks[1]);
  });

  it('writes SARIF with a rule, a level and a place for each finding', async () => {
    write({ ...inStep, 'backend/.env': `BETTER_AUTH_SECRET=${half}\n` });
    const { out } = await check('--sarif');
    const [run] = JSON.parse(out).runs;
    const differs = run.results.find(({ ruleId }: { ruleId: string }) => ruleId === 'env/secret.differs');
    expect(differs.level).toBe('error');
    expect(differs.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'backend/.env' },
      region: { startLine: 1, startColumn: 20 },
    });
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toContain('env/secret.differs');
  });
});

describe('lockstep env check --fix', () => {
  it('mends what needs no choice, keeps what was there, and leaves values alone', async () => {
    write(
      { ...inStep, 'backend/.env': Buffer.from(`\ufeff${inStep['backend/.env'].replaceAll('\n', '\r\n')}`, 'utf16le') },
      0o644,
    );
    expect((await check()).code).toBe(1);
    const { code, out } = await check('--fix');
    expect(code).toBe(0);
    expect(out).toContain('turned from UTF-16 to UTF-8, line ends made newlines, made 0600');
    expect(readFileSync(join(folder, 'backend/.env'), 'utf8')).toBe(inStep['backend/.env']);
    for (const file of ['backend/.env', 'frontend/.env.local'])
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    const kept = readdirSync(join(folder, 'backend')).filter((name) => name.startsWith('.env.bak'));
    expect(kept).toHaveLength(1);
  });

  it('touches nothing where nothing is to be mended, whatever the values are', async () => {
    write({ ...inStep, 'backend/.env': `BETTER_AUTH_SECRET=${half}\n` });
    const before = statSync(join(folder, 'backend/.env')).mtimeMs;
    expect((await check('--fix')).code).toBe(1);
    expect(statSync(join(folder, 'backend/.env')).mtimeMs).toBe(before);
    expect(readdirSync(join(folder, 'backend'))).toEqual(['.env']);
  });

  it('writes through no symbolic link', async () => {
    write({ ...inStep, 'shared.env': inStep['backend/.env'] }, 0o644);
    rmSync(join(folder, 'backend/.env'));
    symlinkSync('../shared.env', join(folder, 'backend/.env'));
    await check('--fix');
    expect(statSync(join(folder, 'shared.env')).mode & 0o777).toBe(0o644);
  });
});
