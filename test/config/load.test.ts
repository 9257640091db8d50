import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { findConfig } from '../../src/config/load.js';
import { resolveTarget } from '../../src/config/target.js';

const loaded = vi.hoisted(() => ({ parser: 0 }));
vi.mock('../../src/config/parse.js', async (original) => {
  loaded.parser++;
  return original();
});

function reach(cwd: string, files: Readonly<Record<string, string>>, folders: readonly string[] = []) {
  const asked: string[] = [];
  const read = async (file: string) => {
    asked.push(file);
    return files[file] ?? null;
  };
  return { cwd, env: {}, asked, files: { read, exists: async (file: string) => folders.includes(file) } };
}

describe('lockstep.json', () => {
  it('is the nearest one upward, named as seen from here', async () => {
    const files = { '/repo/lockstep.json': '{}', '/lockstep.json': '[]' };
    expect(await findConfig(reach('/repo/apps/web', files))).toEqual({ name: '../../lockstep.json', text: '{}' });
    expect(await findConfig(reach('/repo', files))).toEqual({ name: 'lockstep.json', text: '{}' });
  });

  it('is not looked for above the repository, but in its root', async () => {
    const outside = reach('/home/repo/src', { '/home/lockstep.json': '{}' }, ['/home/repo/.git']);
    expect(await findConfig(outside)).toBeNull();
    expect(outside.asked).toEqual(['/home/repo/src/lockstep.json', '/home/repo/lockstep.json']);
    const inRoot = reach('/home/repo/src', { '/home/repo/lockstep.json': '{}' }, ['/home/repo/.git']);
    expect(await findConfig(inRoot)).not.toBeNull();
  });

  it('is looked for up to the root of the file system where there is no repository', async () => {
    const nowhere = reach('/a/b', {});
    expect(await findConfig(nowhere)).toBeNull();
    expect(nowhere.asked).toEqual(['/a/b/lockstep.json', '/a/lockstep.json', '/lockstep.json']);
  });

  it('is the file that is named, and then no other', async () => {
    const files = { '/a/other.jsonc': '{"x":1}', '/a/lockstep.json': '{}' };
    expect(await findConfig(reach('/a', files), 'other.jsonc')).toEqual({ name: 'other.jsonc', text: '{"x":1}' });
    await expect(findConfig(reach('/a', files), 'gone.json')).rejects.toMatchObject({
      code: 'usage',
      exit: 2,
      message: 'gone.json: there is no such file',
    });
  });

  it('costs nothing where there is none: its parser is not loaded', async () => {
    const flags = { auth: 'http://localhost:3000' };
    await resolveTarget(flags, reach('/a', {}));
    expect(loaded.parser).toBe(0);
    await resolveTarget(flags, reach('/a', { [path.resolve('/a/lockstep.json')]: '{}' }));
    expect(loaded.parser).toBe(1);
  });
});
