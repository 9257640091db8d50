import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Demo } from '../../src/demo/contract.js';
import { startDemo } from '../../src/demo/demo.js';
import { realWorld } from '../../src/io/world.js';
import { main } from '../../src/main.js';
import { complaintsOf, describeWithBrowser, startBrowser } from '../support/browser.js';

interface Found {
  readonly code: string;
  readonly data: { readonly status: number };
  readonly reproduce: string;
}
interface Event {
  readonly event: string;
  readonly check?: string;
  readonly at: number;
  readonly ms: number;
  readonly verdict?: string;
  readonly findings?: readonly Found[];
  readonly outcome?: string;
}

let healthy: Demo;
let faulty: Demo;
let folder: string;
let ran: Awaited<ReturnType<typeof lockstep>>;
const file = (name: string) => path.join(folder, name);
const text = (name: string) => readFileSync(file(name), 'utf8');

/** The program in this process, in a folder of its own. */
async function lockstep(demo: Demo, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { users, configFile } = demo;
  const said = { out: '', err: '' };
  const hear = (name: 'out' | 'err') => (more: string) => {
    said[name] += more;
  };
  const real = realWorld();
  const code = await main([...args, '--config', configFile], {
    ...real,
    cwd: folder,
    env: { LOCKSTEP_A_PASSWORD: users.a.password.reveal(), LOCKSTEP_B_PASSWORD: users.b.password.reveal(), ...env },
    stdout: { ...real.stdout, isTTY: false, write: hear('out') },
    stderr: { ...real.stderr, isTTY: false, write: hear('err') },
  });
  return { code, ...said };
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'lockstep-reports-'));
  const own = { trust: 'shared-secret', socketAuth: 'query' } as const;
  [healthy, faulty] = await Promise.all([startDemo({ ...own, faults: [] }), startDemo({ ...own, faults: ['F036'] })]);
  const reports = ['junit', 'html', 'github', 'json', 'tap', 'markdown'].flatMap((format) => [
    '--report',
    `${format}=made/check.${format}`,
  ]);
  ran = await lockstep(faulty, ['check', '--ndjson', '--trace', 'made/check.har', ...reports], {
    GITHUB_ACTIONS: 'true',
    GITHUB_STEP_SUMMARY: file('summary.md'),
  });
});
afterAll(async () => {
  await Promise.all([healthy?.stop(), faulty?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const events = (): Event[] =>
  ran.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const refused = () =>
  events()
    .flatMap(({ findings = [] }) => findings)
    .find(({ code }) => code === 'token/accepted-by-api.refused') as Found;

describe('what a run tells', () => {
  it('--ndjson: an event a line, with when it was, and the end', () => {
    expect(ran.code).toBe(1);
    const all = events();
    const started = all.filter(({ event }) => event === 'start');
    const ended = all.filter(({ event }) => event === 'result');
    expect(all.at(-1)).toMatchObject({ event: 'end', outcome: 'problems' });
    expect(started.length).toBeGreaterThan(5);
    expect(ended.length).toBeGreaterThan(started.length);
    // what needs something began after it
    const of = (check: string) => ended.find((one) => one.check === check) as Event;
    expect(of('token/accepted-by-api').at).toBeGreaterThanOrEqual(of('token/fetch').at + of('token/fetch').ms - 2);
  });

  it('all files are there and speak of the same', () => {
    for (const name of ['junit', 'html', 'github', 'json', 'tap', 'markdown'])
      expect(text(`made/check.${name}`), name).toContain('token/accepted-by-api');
    expect(text('summary.md')).toBe(text('made/check.markdown'));
    for (const name of ['junit', 'json', 'html', 'markdown'])
      expect(text(`made/check.${name}`), name).toContain('LOCKSTEP_TOKEN');
  });

  it('on GitHub Actions: masks before anything else, annotations on stderr, stdout stays the product', () => {
    const lines = ran.err.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^::add-mask::/);
    expect(lines.filter((line) => line === `::add-mask::${faulty.users.a.password.reveal()}`)).toHaveLength(1);
    expect(ran.err).toContain(text('made/check.github'));
    expect(ran.out).not.toContain('::');
  });

  it('a HAR of HTTP and sockets, and no secret in any file', () => {
    const { log } = JSON.parse(text('made/check.har'));
    expect(log.version).toBe('1.2');
    expect(log.entries.length).toBeGreaterThan(10);
    const socket = log.entries.find((entry: { _webSocketMessages?: unknown }) => entry._webSocketMessages);
    expect(socket.request.url).toContain('token=[redacted]');
    expect(
      log.entries.some((entry: { request: { postData?: { text: string } } }) =>
        entry.request.postData?.text.includes('"password":"[redacted]"'),
      ),
    ).toBe(true);
    const secrets = [faulty.users.a.password, faulty.users.b.password, faulty.database].map((one) => one.reveal());
    // of these the runner alone may show the value
    const known = [...ran.err.matchAll(/^::add-mask::(.*)$/gm)].map(([, value = '']) => value);
    expect(known.length).toBeGreaterThan(5);
    for (const name of ['junit', 'html', 'github', 'json', 'tap', 'markdown', 'har']) {
      const whole = text(`made/check.${name}`);
      expect(
        [...secrets, ...known].filter((secret) => whole.includes(secret)),
        name,
      ).toEqual([]);
      expect(whole.match(/eyJ[\w-]{8,}\.eyJ|session_token=(?!\[redacted\])[^;"\s]/)?.[0], name).toBeUndefined();
    }
  });

  it('-q: only what is wrong; -v: each exchange, on stderr', async () => {
    const { out, err, code } = await lockstep(faulty, ['check', 'token/accepted-by-api', '-q', '-v']);
    expect(code).toBe(1);
    expect(out).toMatch(/^ {2}✗ FAIL {2}token\/accepted-by-api/);
    expect(out).not.toContain('session/login');
    expect(err).toMatch(/token\/accepted-by-api {2}GET http:\/\/localhost:\d+\/api\/me 401/);
  });

  it('tells every mistake at once, before anybody is asked', async () => {
    const { code, out } = await lockstep(faulty, [
      'check',
      '--json',
      '--report',
      'junti=a',
      '--report',
      'html',
      '--report',
      'tap=-',
    ]);
    expect(code).toBe(2);
    for (const wrong of [
      'did you mean junit',
      '--report html: it names no file',
      '--json and --report tap=- both want stdout',
    ])
      expect(out).toContain(wrong);
    expect(await lockstep(faulty, ['check', '--report', 'tap=/dev/null/x'])).toMatchObject({ code: 2, out: '' });
  });
});

describe('a reproduction', () => {
  const sh = (line: string, env: Record<string, string>) =>
    spawnSync('sh', ['-c', line], { env: { PATH: process.env.PATH ?? '', ...env }, encoding: 'utf8' });
  const hasCurl = spawnSync('curl', ['--version']).status === 0;

  it.skipIf(!hasCurl)('asks the same and sees the same; where nothing is wrong it sees that', async () => {
    const { reproduce, data } = refused();
    const { out: token } = await lockstep(faulty, ['token', 'fetch']);
    const { stdout } = sh(reproduce, { LOCKSTEP_TOKEN: token.trim() });
    expect(data.status).toBe(401);
    expect(stdout).toMatch(/^HTTP\/1\.1 401 /);
    // the token travels: at a healthy deployment the same line is answered
    const { out: good } = await lockstep(healthy, ['token', 'fetch']);
    expect(sh(reproduce.replace(faulty.api, healthy.api), { LOCKSTEP_TOKEN: good.trim() }).stdout).toMatch(
      /^HTTP\/1\.1 200 /,
    );
  });

  it('says what it needs', () => {
    const { status, stderr } = sh(refused().reproduce, {});
    expect(status).not.toBe(0);
    expect(stderr).toContain('a token: lockstep token fetch');
  });
});

describeWithBrowser('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  it.each([
    { width: 1280, colorScheme: 'light' },
    { width: 390, colorScheme: 'dark' },
  ] as const)('the page of a report, $width wide', async ({ width, colorScheme }) => {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const complaints = complaintsOf(page);
    await page.goto(pathToFileURL(file('made/check.html')).href);
    const shot = path.join(process.env.LOCKSTEP_TEST_SHOTS ?? folder, `report-${width}.png`);
    await page.screenshot({ path: shot, fullPage: true });
    expect(existsSync(shot)).toBe(true);
    expect(complaints).toEqual([]);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('out of step');
    expect(await page.getByText('answered 401 to a fresh HS256 token').isVisible()).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    // each bar lies in its lane, and text on no other text
    const outside = await page.evaluate(
      () =>
        [...document.querySelectorAll('.lane i')].filter((bar) => {
          const [inner, outer] = [bar, bar.parentElement as Element].map((one) => one.getBoundingClientRect());
          return (
            inner === undefined || outer === undefined || inner.left < outer.left - 1 || inner.right > outer.right + 4
          );
        }).length,
    );
    expect(outside).toBe(0);
    expect(await page.locator('.lane i').count()).toBeGreaterThan(5);
    await page.close();
  });

  it('the page of the demo: sign up, out, in, a task, a chat over the socket', async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const complaints = complaintsOf(page);
    await page.goto(healthy.page);
    const [signUp, signIn] = [page.locator('#sign-up'), page.locator('#sign-in')];
    await signUp.getByLabel('Name').fill('Ada');
    await signUp.getByLabel('E-mail').fill('ada@example.invalid');
    await signUp.getByLabel('Password').fill('correct horse battery');
    await signUp.getByRole('button').click();
    await page.getByText('Ada, ada@example.invalid').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signIn.getByLabel('E-mail').fill('ada@example.invalid');
    await signIn.getByLabel('Password').fill('correct horse battery');
    await signIn.getByRole('button').click();
    await page.getByText('connected').waitFor();
    await page.getByLabel('New task').fill('water the <b>plants</b>');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.locator('#tasks').getByText('water the <b>plants</b>').waitFor();
    await page.getByLabel('Message').fill('good morning');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('#talk li:not(.own)').filter({ hasText: /\w/ }).waitFor();
    await page.screenshot({ path: path.join(process.env.LOCKSTEP_TEST_SHOTS ?? folder, 'demo.png') });
    expect(await page.locator('#trouble').innerText()).toBe('');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signIn.waitFor();
    expect(await page.locator('#inside').isVisible()).toBe(false);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
