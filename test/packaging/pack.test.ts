import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
let folder: string;
let tarball: string;
let held: string[];

const npm = (args: readonly string[], cwd: string) => spawnSync('npm', args, { cwd, encoding: 'utf8' });

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lockstep-pack-'));
  // the tests' own setup builds all but the declarations
  spawnSync(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.types.json'], {
    cwd: root,
  });
  const { stdout } = npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root);
  const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  tarball = path.join(folder, packed.filename);
  held = packed.files.map((file) => file.path);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what npm pack holds', () => {
  it('is the program, the libraries with their types, the schema, and nothing of the workshop', () => {
    for (const needed of [
      'package.json',
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
      'schema.json',
      'bin/lockstep.js',
      'dist/lib/client.js',
      'dist/types/client/index.d.ts',
    ])
      expect(held).toContain(needed);
    expect(held.filter((file) => /^(src|test|bench|docs|\.ci)\/|\.test\.|tsbuildinfo|\/cache\//.test(file))).toEqual(
      [],
    );
  });

  it('is sound by publint', async () => {
    const { messages } = await publint({ pkgDir: root, pack: 'npm', strict: true });
    expect(messages).toEqual([]);
  });

  it('has types that each way of importing finds, by attw', async () => {
    const result = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
    if (result.types === false) throw new Error('no types');
    expect(Object.keys(result.entrypoints)).toContain('./client');
    // it is ESM for Node 20 and later, and says so: what cannot import that is not meant
    const meant = result.problems.filter(
      (problem) =>
        !('resolutionKind' in problem) ||
        problem.resolutionKind === 'node16-esm' ||
        problem.resolutionKind === 'bundler',
    );
    expect(meant).toEqual([]);
  });
});

describe('an empty project', () => {
  it('installs it from the tarball, without a script, and `npx lockstep demo` works there', {
    timeout: 240_000,
  }, () => {
    writeFileSync(path.join(folder, 'package.json'), '{ "name": "empty", "version": "1.0.0", "private": true }');
    const flags = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
    const installed = npm(['install', ...flags, tarball], folder);
    expect(installed.status, installed.stderr).toBe(0);
    const { status, stdout, stderr } = spawnSync('npx', ['--no-install', 'lockstep', 'demo', '--json'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ command: 'check', outcome: 'ok' });
  });
});
