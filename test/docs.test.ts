import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command as Commander } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Entry } from '../src/commands/command.js';
import { lanes } from '../src/core/lanes.js';
import type { Demo } from '../src/demo/contract.js';
import { startDemo } from '../src/demo/demo.js';
import { commands } from '../src/main/commands.js';
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

/** Every `$ lockstep ...` in a console block of README and docs, and every `run:` of a pipeline: the same one once. */
const lines = onceEach(
  pages.flatMap((page) => [
    ...blocks(page, 'console').flatMap((block) =>
      [...block.matchAll(/^\$ lockstep(?: (.*))?$/gm)].map(([, line = '']) => ({ page, line })),
    ),
    ...blocks(page, 'yaml').flatMap((block) =>
      [...block.matchAll(/run: npx lockstep (.*)$/gm)].map(([, line = '']) => ({ page, line })),
    ),
  ]),
);

function onceEach<T extends { readonly line: string }>(all: readonly T[]): T[] {
  return all.filter(({ line }, index) => all.findIndex((other) => other.line === line) === index);
}

function blocks(page: string, language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...text(page).matchAll(fence)].map(([, block = '']) => block);
}

/** The exit code that a line owes, where it is not 0: a planted fault is to be found, pending steps are told. */
const owed = (line: string) =>
  // a stock Better Auth has warnings, which --strict counts
  line.includes('--fault ') || line.includes('--strict')
    ? 1
    : line.includes('--serve')
      ? 130
      : line === 'migrate plan'
        ? 4
        : 0;

describe('the commands in the docs do what they say', () => {
  let demo: Demo;
  let postgres: Postgres;
  let database: string;
  // what is set up is a checkout of its own, in the order of the page
  const fresh = checkout();
  beforeAll(async () => {
    [demo, postgres] = await Promise.all([
      // a stream takes its time, so that a busy machine does not make one piece of it
      startDemo({ trust: 'jwks', socketAuth: 'query', faults: [], pace: 100 }),
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

  // most of the time they wait. What is set up is so in the order of the page, beside what asks a deployment
  const [oneByOne, two] = [lanes(1), lanes(2)];
  const ofCheckout = (line: string) => line === '' || /^(init|secret|env|explain)\b/.test(line);

  it.concurrent.each(lines)('$page: lockstep $line', { timeout: 600_000 }, ({ line }) =>
    (ofCheckout(line) || line.startsWith('migrate') ? oneByOne : two)(() => keepsWord(line)),
  );

  async function keepsWord(line: string): Promise<void> {
    const { auth, api, folder } = demo;
    const here = line.replace('http://localhost:3000', auth).replace('http://localhost:8000', api);
    let stopped = false;
    const { code, out, err } = await lockstep(here === '' ? [] : here.split(' '), {
      cwd: ofCheckout(line) ? fresh.root : folder,
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
  }
});

describe('the pages that are written from the declarations', () => {
  it.each(Object.entries(generated()))('%s is what `npm run docs` writes', (page, wanted) => {
    // a check, a rule or a setting was added or changed: run `npm run docs` and commit what it wrote
    expect(text(page) === wanted, `${page} is not up to date: run \`npm run docs\``).toBe(true);
    expect(wanted.split('\n').length).toBeGreaterThan(10);
  });
});

/** Every command that stands in a sentence, `lockstep ...`; decisions tell of what was. */
const mentioned = pages
  .filter((page) => !page.includes('/decisions/'))
  .flatMap((page) => [...text(page).matchAll(/`lockstep ([^`]+)`/g)].map(([, line = '']) => ({ page, line })));

describe('the commands that the docs mention', () => {
  it('are there, with the flags that they mention', async () => {
    expect(mentioned.length).toBeGreaterThan(20);
    const wrong = [];
    for (const { page, line } of mentioned) {
      const fault = await faultOf(line.replaceAll('{side}', 'frontend').split(' '), commands);
      if (fault !== null) wrong.push(`${page}: lockstep ${line}: ${fault}`);
    }
    expect([...new Set(wrong)]).toEqual([]);
  });

  it('would be found wrong', async () => {
    expect(await faultOf(['chekc'], commands)).toBe('no command chekc');
    expect(await faultOf(['env', 'check', '--fixx'], commands)).toBe('no flag --fixx');
    expect(await faultOf(['migrate', 'sideways'], commands)).toBe('no command sideways');
  });
});

async function faultOf([name = '', ...rest]: readonly string[], entries: readonly Entry[]): Promise<string | null> {
  if (name === 'help' || name.startsWith('--')) return null;
  const entry = entries.find((each) => each.name === name);
  if (entry === undefined) return `no command ${name}`;
  // a group may be spoken of as one
  if (entry.verbs !== undefined) return rest.length === 0 ? null : faultOf(rest, entry.verbs);
  const commander = new Commander(name);
  (await entry.load?.())?.default.declare(commander);
  const flags = rest
    .map((word) => word.split('=')[0] ?? '')
    .filter((word) => word.startsWith('--') && word !== '--help');
  const unknown = flags.find((flag) => !commander.options.some(({ long }) => long === flag));
  return unknown === undefined ? null : `no flag ${unknown}`;
}

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
