import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tracks } from '../../src/env-file/git-index.js';

/** A version 2 index with these names, as gitformat-index describes it. */
function handmade(names: readonly string[], version = 2): Buffer {
  const header = Buffer.alloc(12);
  header.write('DIRC');
  header.writeUInt32BE(version, 4);
  header.writeUInt32BE(names.length, 8);
  const entries = names.map((name) => {
    const entry = Buffer.alloc((62 + Buffer.byteLength(name) + 8) & ~7);
    entry.writeUInt16BE(Buffer.byteLength(name), 60);
    entry.write(name, 62);
    return entry;
  });
  return Buffer.concat([header, ...entries]);
}

describe('whether git tracks a file', () => {
  it('reads the names of an index', () => {
    const index = handmade(['.env', 'backend/.env.example', 'frontend/.env.local']);
    expect(tracks(index, 'frontend/.env.local')).toBe(true);
    expect(tracks(index, '.env')).toBe(true);
    // only a part of another name
    expect(tracks(index, 'backend/.env')).toBe(false);
    expect(tracks(index, 'env.local')).toBe(false);
  });

  it('says that it does not know where the bytes are no index, or are cut', () => {
    expect(tracks(Buffer.from('not an index'), '.env')).toBeNull();
    expect(tracks(handmade(['.env'], 9), '.env')).toBeNull();
    expect(tracks(Buffer.concat([handmade(['a', '.env']).subarray(0, 90), Buffer.from('.env')]), '.env')).toBeNull();
  });

  const git = available();
  describe.skipIf(!git)('as git itself wrote it', () => {
    let folder = '';
    const run = (...args: string[]) =>
      execFileSync('git', args, {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' },
      });
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'lockstep-git-'));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it.each([
      ['2', '--object-format=sha1', 20],
      ['4', '--object-format=sha1', 20],
      ['2', '--object-format=sha256', 32],
    ] as const)('version %s, %s', (version, format, hash) => {
      rmSync(join(folder, '.git'), { recursive: true, force: true });
      run('init', '-q', format);
      const tracked = [
        '.env',
        'a/b/.env.local',
        'a/b/.env.localx',
        'é/.env',
        ...Array.from({ length: 50 }, (_, i) => `src/file${i}.ts`),
      ];
      for (const name of [...tracked, 'a/.env']) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), name);
      }
      run('add', ...tracked);
      run('update-index', '--index-version', version);
      const index = readFileSync(join(folder, '.git/index'));
      for (const name of tracked) expect([name, tracks(index, name, hash)]).toEqual([name, true]);
      for (const name of ['a/.env', 'a/b/.env', '.env.local', 'src/file'])
        expect([name, tracks(index, name, hash)]).toEqual([name, false]);
    });
  });
});

function available(): boolean {
  try {
    execFileSync('git', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
