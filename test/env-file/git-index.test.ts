import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tracked } from '../../src/env-file/git-index.js';

/** A version 2 index with these names, as gitformat-index describes it. */
function handmade(names: readonly string[], version = 2): Buffer {
  const header = Buffer.alloc(12);
  header.write('DIRC');
  header.writeUInt32BE(version, 4);
  header.writeUInt32BE(names.length, 8);
  const entries = names.map((name) => {
    const entry = Buffer.alloc((62 + Buffer.byteLength(name) + 8) & ~7);
    // the length as far as twelve bits go
    entry.writeUInt16BE(Math.min(Buffer.byteLength(name), 0xfff), 60);
    entry.write(name, 62);
    return entry;
  });
  return Buffer.concat([header, ...entries]);
}

/** In pieces of so many bytes, each of which is overwritten by the next. */
async function* pieces(index: Uint8Array, size: number) {
  const piece = Buffer.alloc(size);
  for (let at = 0; at < index.length; at += size) {
    const length = Buffer.from(index).copy(piece, 0, at, at + size);
    yield piece.subarray(0, length);
  }
}

/** Whether this path is among those that are tracked, however the index comes and whatever else is asked. */
async function tracks(index: Uint8Array, path: string, hash: 20 | 32 = 20): Promise<boolean | null> {
  const said = await Promise.all(
    [61, 65_536].flatMap((size) =>
      [[path], ['not/there', path]].map(
        async (paths) => (await tracked(pieces(index, size), paths, hash))?.has(path) ?? null,
      ),
    ),
  );
  expect(new Set(said).size).toBe(1);
  return said[0] ?? null;
}

describe('whether git tracks a file', () => {
  it('reads the names of an index', async () => {
    const index = handmade(['.env', 'backend/.env.example', 'frontend/.env.local']);
    expect(await tracks(index, 'frontend/.env.local')).toBe(true);
    expect(await tracks(index, '.env')).toBe(true);
    // only a part of another name
    expect(await tracks(index, 'backend/.env')).toBe(false);
    expect(await tracks(index, 'env.local')).toBe(false);
  });

  it('says that it does not know where the bytes are no index, or are cut', async () => {
    expect(await tracks(Buffer.from('not an index'), '.env')).toBeNull();
    expect(await tracks(handmade(['.env'], 9), '.env')).toBeNull();
    expect(
      await tracks(Buffer.concat([handmade(['a', '.env']).subarray(0, 90), Buffer.from('.env')]), '.env'),
    ).toBeNull();
  });

  it('reads names that are longer than an entry can say, and holds none that no system takes', async () => {
    const long = `${'a/'.repeat(2_500)}.env`;
    const index = handmade(['.env', long, 'z']);
    for (const name of ['.env', long, 'z']) expect(await tracks(index, name)).toBe(true);
    expect(await tracks(index, long.slice(2))).toBe(false);
    expect(await tracks(handmade(['a'.repeat(70_000), 'z']), 'z')).toBeNull();
    const endless = Buffer.concat([handmade(['a', 'b']).subarray(0, 12), Buffer.alloc(200_000, 0xff)]);
    for (const version of [2, 3, 4]) {
      endless.writeUInt32BE(version, 4);
      expect(await tracks(endless, 'z')).toBeNull();
    }
  });

  it('takes no name that is not as long as its entry says', async () => {
    const index = handmade(['.env', 'z']);
    index.writeUInt16BE(3, 12 + 60);
    expect(await tracks(index, 'z')).toBeNull();
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
    ] as const)('version %s, %s', async (version, format, hash) => {
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
      for (const name of tracked) expect([name, await tracks(index, name, hash)]).toEqual([name, true]);
      for (const name of ['a/.env', 'a/b/.env', '.env.local', 'src/file'])
        expect([name, await tracks(index, name, hash)]).toEqual([name, false]);
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
