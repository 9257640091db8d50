import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSourceTree } from '../../src/io/source-tree.js';

describe('the reader of folders', () => {
  let root = '';
  const put = (name: string, text: string | Uint8Array) => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  };
  beforeAll(() => {
    root = mkdtempSync(path.join(tmpdir(), 'lockstep-sources-'));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('reads what can tell something, and leaves out what is not the user’s code', async () => {
    for (const name of ['web/a.ts', 'web/b.tsx', 'api/c.py', 'compose.yml', 't.toml', 'nginx.conf', 'web/package.json'])
      put(name, name);
    for (const name of [
      'web/node_modules/x/a.ts',
      '.git/a.ts',
      'web/.next/a.js',
      '.venv/lib/a.py',
      'api/venv/a.py',
      'dist/a.js',
    ])
      put(name, name);
    for (const name of ['README.md', 'package-lock.json', 'x.min.js', '.env', 'a.txt']) put(name, name);
    put('web/bom.ts', '\ufeffconst a = 1;');
    const { files, unread } = await readSourceTree(root);
    expect(files.map((file) => file.path).sort()).toEqual(
      [
        'web/a.ts',
        'web/b.tsx',
        'api/c.py',
        'compose.yml',
        't.toml',
        'nginx.conf',
        'web/package.json',
        'web/bom.ts',
      ].sort(),
    );
    expect(files.find((file) => file.path === 'web/bom.ts')?.text).toBe('const a = 1;');
    expect(unread).toEqual([]);
  });

  it('takes a file of 1 MiB, and says that one byte more is too large', async () => {
    put('big/fits.ts', 'x'.repeat(1024 * 1024));
    put('big/not.ts', 'x'.repeat(1024 * 1024 + 1));
    const { files, unread } = await readSourceTree(path.join(root, 'big'));
    expect(files.map((file) => [file.path, file.text.length])).toEqual([['fits.ts', 1024 * 1024]]);
    expect(unread).toEqual([{ path: 'not.ts', why: 'is larger than 1 MiB' }]);
  });

  it('follows no symbolic link, to a file, a folder or itself', async () => {
    put('links/real.ts', 'real');
    symlinkSync(path.join(root, 'links/real.ts'), path.join(root, 'links/file.ts'));
    symlinkSync(path.join(root, 'links'), path.join(root, 'links/again'));
    symlinkSync('/etc', path.join(root, 'links/etc'));
    const { files } = await readSourceTree(path.join(root, 'links'));
    expect(files.map((file) => file.path)).toEqual(['real.ts']);
  });

  it('stops at 5,000 files, and says so', async () => {
    mkdirSync(path.join(root, 'many'));
    for (let i = 0; i <= 5_000; i++) writeFileSync(path.join(root, 'many', `${i}.py`), '');
    const { files, unread } = await readSourceTree(path.join(root, 'many'));
    expect(files).toHaveLength(5_000);
    expect(unread).toEqual([{ path: '.', why: 'holds more than 5000 files: the rest was not looked at' }]);
  });

  it('reads a text when it is asked for, and says what cannot be read any more', async () => {
    for (const name of ['gone.ts', 'link.ts', 'pipe.ts', 'grown.ts', 'stays.ts']) put(`later/${name}`, name);
    const { files, unread } = await readSourceTree(path.join(root, 'later'));
    expect(unread).toEqual([]);
    const at = (name: string) => path.join(root, 'later', name);
    for (const name of ['gone.ts', 'link.ts', 'pipe.ts']) rmSync(at(name));
    symlinkSync('/etc/hostname', at('link.ts'));
    execFileSync('mkfifo', [at('pipe.ts')]);
    put('later/grown.ts', 'x'.repeat(1024 * 1024 + 1));
    put('later/stays.ts', 'another');
    // twice: what is said is said once
    for (let times = 0; times < 2; times++)
      expect(Object.fromEntries(files.map((file) => [file.path, file.text]))).toEqual({
        'gone.ts': '',
        'grown.ts': '',
        'link.ts': '',
        'pipe.ts': '',
        'stays.ts': 'another',
      });
    expect(unread).toEqual([
      { path: 'gone.ts', why: 'is not there' },
      { path: 'grown.ts', why: 'is larger than 1 MiB' },
      { path: 'link.ts', why: 'cannot be read (ELOOP)' },
      { path: 'pipe.ts', why: 'is no file any more' },
    ]);
  });

  it('a folder that is not there is said, never an empty tree', async () => {
    expect(await readSourceTree(path.join(root, 'nowhere'))).toEqual({
      files: [],
      unread: [{ path: '.', why: 'is not there' }],
    });
  });
});
