import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { files } from '../../src/io/files.js';

describe('looking at what is at a path', () => {
  let folder = '';
  const at = (name: string) => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-inspect-'));
    writeFileSync(at('file'), 'K=1\n');
    chmodSync(at('file'), 0o640);
    symlinkSync('file', at('link'));
    symlinkSync('loop', at('loop'));
    mkdirSync(at('folder'));
    writeFileSync(at('large'), Buffer.alloc(10 * 1024 * 1024, 'a'));
    execFileSync('mkfifo', [at('pipe')]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['file', { kind: 'file', bytes: Buffer.from('K=1\n'), mode: 0o640, linked: false }],
    ['link', { kind: 'file', bytes: Buffer.from('K=1\n'), mode: 0o640, linked: true }],
    ['loop', { kind: 'unreadable', why: 'too many symbolic links' }],
    ['folder', { kind: 'folder' }],
    ['nothing', { kind: 'absent' }],
    ['file/below', { kind: 'absent' }],
    ['large', { kind: 'too-large', size: 10 * 1024 * 1024 }],
    // opening it would wait for a writer
    ['pipe', { kind: 'special' }],
  ])('%s', async (name, expected) => {
    const when = expected.kind === 'file' ? { modified: expect.any(Number) } : {};
    expect(await files.inspect(at(name), 1024)).toEqual({ ...expected, ...when });
  });

  it.skipIf(process.getuid?.() === 0)('says why a file cannot be read', async () => {
    chmodSync(at('file'), 0);
    expect(await files.inspect(at('file'), 1024)).toEqual({ kind: 'unreadable', why: 'permission denied' });
  });
});

describe('a file in pieces', () => {
  let folder = '';
  const at = (name: string) => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-pieces-'));
    writeFileSync(at('file'), 'é€'.repeat(50_000));
    execFileSync('mkfifo', [at('pipe')]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function taken(path: string, most: number): Promise<string[] | null> {
    const pieces = await files.pieces(path, most);
    if (pieces === null) return null;
    const found: string[] = [];
    for await (const piece of pieces) found.push(piece);
    return found;
  }

  it('is the file, with no character cut', async () => {
    const found = await taken(at('file'), 1_000_000);
    expect(found?.join('')).toBe('é€'.repeat(50_000));
    expect(found?.length).toBeGreaterThan(3);
    expect(found?.join('')).toBe(await files.read(at('file')));
  });

  it('is not there, too large, a folder, or a pipe: as when it is read whole', async () => {
    expect(await files.pieces(at('nothing'), 100)).toBeNull();
    await expect(files.pieces(at('file'), 100)).rejects.toThrow('is larger than it may be');
    await expect(files.pieces(folder, 100)).rejects.toThrow('is a folder');
    // somebody has it open for writing before it is read, and until all is written
    const writer = spawn('sh', ['-c', 'exec 3<>"$0"; printf written >&3; echo; read -r _', at('pipe')]);
    await new Promise((resolve) => writer.stdout.once('data', resolve));
    const found = taken(at('pipe'), 100);
    writer.stdin.end();
    expect(await found).toEqual(['written']);
    await new Promise((resolve) => (writer.exitCode === null ? writer.once('close', resolve) : resolve(null)));
  });
});
