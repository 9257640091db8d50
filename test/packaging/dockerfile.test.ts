import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Image } from './dockerfile.js';
import { replay } from './dockerfile.js';

const root = path.resolve(import.meta.dirname, '../..');
/** Whoever is root here runs what the image runs as nobody, as `USER node` would have it. */
const nobody = process.getuid?.() === 0;
const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
const somebody = nobody ? { uid: id('-u'), gid: id('-g') } : {};

/** What stands in node_modules, as the lock has it, and is neither of development nor optional nor a peer. */
function neededByTheLock(): string[] {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  return Object.entries<Record<string, unknown>>(lock.packages)
    .filter(([place]) => place.lastIndexOf('node_modules/') === 0)
    .filter(([, { dev, optional, peer, devOptional }]) => !(dev || optional || peer || devOptional))
    .map(([place]) => place.slice('node_modules/'.length))
    .sort();
}

/** Scopes that pruning has left empty hold no package. */
function packagesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(path.join(folder, name)).map((own) => `${name}/${own}`) : [name],
    )
    .sort();
}

describe('the Dockerfile, step by step without an engine', () => {
  let folder: string;
  let image: Image;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'lockstep-image-'));
    chmodSync(folder, 0o755);
    // packages out of the cache, as far as they are in it
    const env = { npm_config_prefer_offline: 'true' };
    image = replay(path.join(root, 'docs/examples/Dockerfile'), { context: root, folder, env });
    chmodSync(path.join(image.root, 'tmp'), 0o1777);
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What the container does with these words, its paths being those of the folder that stands for /. */
  function container(words: readonly string[], given: Readonly<Record<string, string>> = {}) {
    const [program = '', ...line] = [...image.entrypoint, ...words].map((word) =>
      word.startsWith('/app/') ? path.join(image.root, word) : word,
    );
    const env = Object.entries(image.env).map(([name, value]) => [name, value.replace(/^\//, `${image.root}/`)]);
    return spawnSync(program === 'node' ? process.execPath : program, line, {
      cwd: path.join(image.root, image.workdir),
      env: { PATH: process.env.PATH, TMPDIR: path.join(image.root, 'tmp'), ...Object.fromEntries(env), ...given },
      encoding: 'utf8',
      ...somebody,
    });
  }

  it('makes an image of the program and what it needs at run time, and of nothing else', () => {
    expect(readdirSync(path.join(image.root, 'app')).sort()).toEqual([
      'bin',
      'dist',
      'node_modules',
      'package.json',
      'schema.json',
    ]);
    expect(readdirSync(path.join(image.root, 'app/dist')).sort()).toEqual([
      'cli',
      'demo',
      'lib',
      'sbom.cdx.json',
      'types',
    ]);
    const needed = neededByTheLock();
    expect(needed).toEqual(expect.arrayContaining(['pg', 'better-auth', '@babel/parser']));
    expect(packagesIn(path.join(image.root, 'app/node_modules'))).toEqual(needed);
    expect(image.user).toBe('node');
  });

  it('shows its help where nothing is asked', () => {
    const { status, stdout, stderr } = container(image.cmd);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain('Usage: lockstep');
  });

  it('asks a deployment, with the exit code of the run, and needs no home', () => {
    const asked = ['check', 'session/login', '--auth', 'http://127.0.0.1:1', '--api', 'http://127.0.0.1:1'];
    const user = { LOCKSTEP_A_EMAIL: 'a@example.com', LOCKSTEP_A_PASSWORD: 'a-password-of-the-image' };
    const { status, stdout } = container(asked, user);
    expect(status).toBe(3);
    expect(stdout).toContain('connection refused');
  });

  it('has the demo in it, and leaves nothing behind', { timeout: 120_000 }, () => {
    const { status, stdout, stderr } = container(['demo', '--json']);
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'ok' });
    expect(readdirSync(path.join(image.root, 'tmp')).filter((name) => name !== 'lockstep')).toEqual([]);
  });

  it.skipIf(!nobody)('may write nowhere but to /tmp', () => {
    const found = spawnSync('find', [image.root, '-writable', '-not', '-type', 'l'], { encoding: 'utf8', ...somebody });
    expect(found.stderr).toBe('');
    const places = found.stdout.split('\n').filter((place) => place !== '');
    expect(places.filter((place) => !place.startsWith(path.join(image.root, 'tmp')))).toEqual([]);
    expect(places.length).toBeGreaterThan(0);
  });
});
