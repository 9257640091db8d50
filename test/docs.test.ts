import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Demo } from '../src/demo/demo.js';
import { startDemo } from '../src/demo/demo.js';
import { pages as generated } from '../src/write-docs.js';
import { lockstep } from './support/bin.js';
import { checkout } from './support/checkout.js';
import { type Postgres, startPostgres } from './support/postgres.js';

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
/** The exit code that a line owes, where it is not 0: a planted fault is to be found, pending steps are told. */
const owed = (line: string) =>
  line.includes('--fault ') ? 1 : line.includes('--serve') ? 130 : line === 'migrate plan' ? 4 : 0;

describe('the commands in the docs do what they say', () => {
  let demo: Demo;
  let postgres: Postgres;
  let database: string;
  // what is set up is a checkout of its own, in the order of the page
  const fresh = checkout();
  beforeAll(async () => {
    [demo, postgres] = await Promise.all([
      startDemo({ trust: 'jwks', socketAuth: 'query', faults: [] }),
      startPostgres(),
    ]);
    database = await postgres.database();
    const { out } = await lockstep(['token', 'fetch', '--config', demo.configFile], { env: passwords(demo) });
    writeFileSync(path.join(demo.folder, 'token.txt'), out);
  });
  afterAll(async () => {
    await demo.stop();
    await postgres.stop();
    fresh.remove();
  });

  it('are there at all', () => {
    expect(lines.length).toBeGreaterThan(5);
  });

  it.each(lines)('$page: lockstep $line', async ({ line }) => {
    const { auth, api, folder } = demo;
    const here = line.replace('http://localhost:3000', auth).replace('http://localhost:8000', api);
    let stopped = false;
    const { code, out, err } = await lockstep(here.split(' '), {
      cwd: /^(init|secret|env)\b/.test(line) ? fresh.root : folder,
      env: {
        ...passwords(demo),
        ...(line.startsWith('check') ? { LOCKSTEP_DATABASE: demo.database.reveal() } : {}),
        DATABASE_URL: line.startsWith('migrate') ? database : 'postgresql://user:password@localhost:5432/app',
        BETTER_AUTH_SECRET: 'a-secret-for-the-lines-of-the-readme',
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

describe('the pages that are written from the declarations', () => {
  it.each(Object.entries(generated()))('%s is what `npm run docs` writes', (page, wanted) => {
    // a check, a rule or a setting was added or changed: run `npm run docs` and commit what it wrote
    expect(text(page) === wanted, `${page} is not up to date: run \`npm run docs\``).toBe(true);
    expect(wanted.split('\n').length).toBeGreaterThan(10);
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

function passwords({ users }: Demo): Record<string, string> {
  return {
    LOCKSTEP_A_EMAIL: users.a.email,
    LOCKSTEP_A_PASSWORD: users.a.password.reveal(),
    LOCKSTEP_B_EMAIL: users.b.email,
    LOCKSTEP_B_PASSWORD: users.b.password.reveal(),
  };
}
