import { parse } from 'dotenv';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockstep } from '../support/bin.js';
import type { Checkout } from '../support/checkout.js';
import { checkout } from '../support/checkout.js';
import { hasTerminal, Terminal } from '../support/terminal.js';

const database = 'postgresql://app:hunter2hunter2@db.example/app?sslmode=require';

let at: Checkout;
beforeEach(() => {
  at = checkout();
});
afterEach(() => at.remove());

describe.skipIf(!hasTerminal)('the installed program at a real terminal (tmux)', () => {
  let terminal: Terminal | null = null;
  const open = (...args: string[]) => {
    terminal = new Terminal(['init', ...args], at.root);
    return terminal;
  };
  afterEach(() => {
    terminal?.close();
    terminal = null;
  });

  test('asks, hides what is secret, shows one diff, writes after a yes', async () => {
    const screen = open();
    await screen.shows('URL of the frontend');
    screen.press('Enter');
    await screen.shows('URL of the API');
    screen.type('nonsense');
    screen.press('Enter');
    await screen.shows('must be an http:// or https:// URL');
    for (let i = 0; i < 'nonsense'.length; i++) screen.press('BSpace');
    screen.type('http://localhost:9000');
    screen.press('Enter');
    await screen.shows('URL of the MCP server');
    screen.press('Enter');
    await screen.shows('database URL');
    screen.type(database);
    screen.press('Enter');
    await screen.shows('model provider');
    screen.press('Enter');
    await screen.shows('write 6 files?');
    screen.press('Enter');
    expect(await screen.ended()).toBe(0);
    expect(screen.screen()).not.toContain('hunter2');
    expect(parse(at.read('frontend/.env.local'))).toMatchObject({
      DATABASE_URL: database,
      BETTER_AUTH_URL: 'http://localhost:3000',
      NEXT_PUBLIC_API_URL: 'http://localhost:9000',
    });
    expect(parse(at.read('backend/.env')).DATABASE_URL).toBe(
      'postgresql+asyncpg://app:hunter2hunter2@db.example/app?ssl=require',
    );
  });

  test.each([
    { key: 'C-c', question: 'URL of the frontend', before: [] },
    { key: 'C-d', question: 'URL of the frontend', before: [] },
    { key: 'C-c', question: 'database URL', before: ['--auth', 'http://a', '--api', 'http://b', '--mcp', 'http://c'] },
    { key: 'C-c', question: 'write 6 files?', before: ['--database-url-file', 'url', '--model', 'none'] },
  ])('$key at "$question" ends with 130, and nothing is written', async ({ key, question, before }) => {
    const { writeFileSync } = await import('node:fs');
    writeFileSync(at.path('url'), database);
    const files = at.snapshot();
    const screen = open(...before);
    for (const earlier of ['URL of the frontend', 'URL of the API', 'URL of the MCP server']) {
      if (question === earlier || question === 'database URL') break;
      await screen.shows(earlier);
      screen.press('Enter');
    }
    await screen.shows(question);
    screen.press(key);
    expect(await screen.ended()).toBe(130);
    expect(at.snapshot()).toEqual(files);
  });
});

describe('the installed program without a terminal', () => {
  test('never waits for an answer: standard input that has ended gives exit 5 and the flag', async () => {
    const files = at.snapshot();
    const { code, out, err } = await lockstep(['init'], { cwd: at.root });
    expect({ code, out }).toEqual({ code: 5, out: '' });
    expect(err).toContain('--database-url-env');
    expect(at.snapshot()).toEqual(files);
  });

  test('writes the pair, and is in step the second time', async () => {
    const args = ['init', '--yes', '--no-input', '--database-url-file', '-'];
    expect(await lockstep(args, { cwd: at.root, input: database })).toMatchObject({ code: 0, err: '' });
    const files = at.snapshot();
    expect(await lockstep(['init'], { cwd: at.root })).toEqual({ code: 0, out: 'in step, nothing to do\n', err: '' });
    expect(at.snapshot()).toEqual(files);
  });
});
