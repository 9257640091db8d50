import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Demo } from '../src/demo/demo.js';
import { startDemo } from '../src/demo/demo.js';
import { lockstep } from './support/bin.js';
import { checkout } from './support/checkout.js';

const root = path.resolve(import.meta.dirname, '..');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((file) => `docs/${file}`),
].filter((file) => file.endsWith('.md'));
const text = (page: string) => readFileSync(path.join(root, page), 'utf8');

/** Every `$ lockstep ...` in a console block of README and docs. */
const lines = pages.flatMap((page) =>
  [...text(page).matchAll(/^```console\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    [...block.matchAll(/^\$ lockstep (.*)$/gm)].map(([, line = '']) => ({ page, line })),
  ),
);
/** The exit code that a line owes, where it is not 0: a planted fault is to be found. */
const owed = (line: string) => (line.includes('--fault ') ? 1 : line.includes('--serve') ? 130 : 0);

describe('the commands in the docs do what they say', () => {
  let demo: Demo;
  // what is set up is a checkout of its own, in the order of the page
  const fresh = checkout();
  beforeAll(async () => {
    demo = await startDemo({ trust: 'jwks', socketAuth: 'query', faults: [] });
  });
  afterAll(async () => {
    await demo.stop();
    fresh.remove();
  });

  it('are there at all', () => {
    expect(lines.length).toBeGreaterThan(5);
  });

  it.each(lines)('$page: lockstep $line', async ({ line }) => {
    const { auth, api, users, folder } = demo;
    const here = line.replace('http://localhost:3000', auth).replace('http://localhost:8000', api);
    let stopped = false;
    const { code, out, err } = await lockstep(here.split(' '), {
      cwd: /^(init|secret)\b/.test(line) ? fresh.root : folder,
      env: {
        DATABASE_URL: 'postgresql://user:password@localhost:5432/app',
        LOCKSTEP_A_EMAIL: users.a.email,
        LOCKSTEP_A_PASSWORD: users.a.password.reveal(),
        LOCKSTEP_B_EMAIL: users.b.email,
        LOCKSTEP_B_PASSWORD: users.b.password.reveal(),
      },
      onOutput(printed, kill) {
        if (stopped || !printed.includes('Ctrl-C ends it')) return;
        stopped = true;
        kill('SIGINT');
      },
    });
    expect(code, out + err).toBe(owed(line));
  });
});

describe('the docs', () => {
  it('name no file that is not there', () => {
    const links = pages.flatMap((page) =>
      [...text(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, to = '']) => ({
        page,
        to: path.join(root, path.dirname(page), to),
      })),
    );
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter(({ to }) => !existsSync(to))).toEqual([]);
  });

  it('give each runtime dependency its line', () => {
    const { dependencies } = JSON.parse(text('package.json')) as { dependencies: Record<string, string> };
    const reasons = readFileSync(path.join(root, 'docs/decisions/002-runtime-dependencies.md'), 'utf8');
    expect(Object.keys(dependencies).filter((name) => !reasons.includes(name))).toEqual([]);
  });
});
