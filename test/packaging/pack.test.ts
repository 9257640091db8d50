import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
let folder: string;
let tarball: string;
let held: string[];

const npm = (args: readonly string[], cwd: string, env = process.env) =>
  spawnSync('npm', args, { cwd, env, encoding: 'utf8' });

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
      'dist/sbom.cdx.json',
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
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund'];
  const empty = (name: string) => {
    const project = path.join(folder, name);
    mkdirSync(project);
    writeFileSync(path.join(project, 'package.json'), '{ "name": "empty", "version": "1.0.0", "private": true }');
    return project;
  };
  /** Whoever asks the network gets no answer. */
  const cutOff = { ...process.env, HTTP_PROXY: 'http://127.0.0.1:1', HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: '' };
  const install = (project: string) => npm(['install', '--offline', ...flags, tarball], project, cutOff);

  it('installs it from the tarball, offline and without a script, and `npx lockstep demo` works there', {
    timeout: 240_000,
  }, () => {
    let installed = install(empty('first'));
    if (/ENOTCACHED/.test(installed.stderr)) {
      // npm ci caches packages but not the lists of their versions: these come in beforehand
      const filled = npm(['install', '--prefer-offline', ...flags, tarball], empty('filling'));
      expect(filled.status, filled.stderr).toBe(0);
      rmSync(path.join(folder, 'filling'), { recursive: true });
      installed = install(empty('second'));
    }
    expect(installed.status, installed.stderr).toBe(0);
    const project = path.join(folder, existsSync(path.join(folder, 'second')) ? 'second' : 'first');
    // what the bill of materials names is what came
    const lock = readFileSync(path.join(project, 'node_modules/.package-lock.json'), 'utf8');
    const came = Object.keys((JSON.parse(lock) as { packages: object }).packages).map(
      (place) => place.split('node_modules/').at(-1) as string,
    );
    const bom = readFileSync(path.join(project, 'node_modules/lockstep/dist/sbom.cdx.json'), 'utf8');
    const named = (JSON.parse(bom) as { components: { name: string }[] }).components.map((each) => each.name);
    expect([...new Set(['lockstep', ...named])].sort()).toEqual([...new Set(came)].sort());
    const { status, stdout, stderr } = spawnSync('npx', ['--no-install', 'lockstep', 'demo', '--json'], {
      cwd: project,
      env: { ...cutOff, npm_config_offline: 'true' },
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ command: 'check', outcome: 'ok' });
  });
});
