import type { Browser, BrowserContext, Page, WebSocket } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Demo } from '../../src/demo/contract.js';
import { startDemo } from '../../src/demo/demo.js';
import { complaintsOf, describeWithBrowser, startBrowser } from '../support/browser.js';
import { pageScript } from '../support/bundle.js';

/** A tab with the page in it, and all that it put on the wire. */
class Tab {
  readonly #page: Page;
  readonly #demo: Demo;
  readonly sockets: WebSocket[] = [];
  readonly sent: string[] = [];
  readonly complaints: readonly string[];
  /** `GET /api/me 401`, in order of the answers */
  readonly answers: string[] = [];

  private constructor(page: Page, demo: Demo) {
    this.#page = page;
    this.#demo = demo;
    this.complaints = complaintsOf(page);
    page.on('websocket', (socket) => {
      this.sockets.push(socket);
      socket.on('framesent', ({ payload }) => this.sent.push(String(payload)));
    });
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      this.answers.push(`${response.request().method()} ${pathname} ${response.status()}`);
    });
  }

  /** The page at the origin of the real frontend, whose cookies and CORS then apply; nothing is intercepted. */
  static async open(context: BrowserContext, demo: Demo, script: string): Promise<Tab> {
    const page = await context.newPage();
    const tab = new Tab(page, demo);
    await page.goto(new URL('/health', demo.page).href);
    await page.evaluate((settings) => Object.assign(globalThis, { settings }), {
      auth: demo.auth,
      api: demo.api,
      socket: demo.socket,
    });
    await page.addScriptTag({ content: script });
    return tab;
  }

  async signIn(who: 'a' | 'b'): Promise<void> {
    const { email, password } = this.#demo.users[who];
    await this.#page.fill('[name=email]', email);
    await this.#page.fill('[name=password]', password.reveal());
    await this.click('#sign-in');
    await this.shows('#status', 'signed-in');
  }

  /** A token of the right shape and person that the API refuses. */
  async holdDeadToken(): Promise<void> {
    const [head, payload, signature = ''] = (await this.stored()).split('.');
    const dead = [head, payload, (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)].join('.');
    await this.#page.evaluate((token) => {
      (globalThis as unknown as { client: { signIn(token: string): void } }).client.signIn(token);
    }, dead);
  }

  /** The token that the browser keeps. */
  stored(): Promise<string> {
    return this.#page.evaluate(() => JSON.parse(localStorage.getItem('lockstep.credential') ?? '{}').token as string);
  }

  /** Not by the mouse: that waits for a frame, and tabs in the background have few. */
  click(selector: string): Promise<void> {
    return this.#page.locator(selector).first().dispatchEvent('click');
  }

  text(selector: string): Promise<string> {
    return this.#page.locator(selector).first().innerText();
  }

  shows(selector: string, text: string | RegExp): Promise<void> {
    return expect
      .poll(() => this.text(selector), { timeout: 20_000 })
      .toMatch(typeof text === 'string' ? exactly(text) : text);
  }

  attribute(selector: string, name: string): Promise<string | null> {
    return this.#page.getAttribute(selector, name);
  }

  texts(selector: string): Promise<string[]> {
    return this.#page.locator(selector).allInnerTexts();
  }

  times(answer: string): number {
    return this.answers.filter((one) => one === answer).length;
  }

  /** answered calls to the API, whatever the answer */
  get calls(): number {
    return this.answers.filter((one) => one.includes(' /api/me ')).length;
  }

  /** sockets that are not closed */
  get open(): number {
    return this.sockets.filter((socket) => !socket.isClosed()).length;
  }
}

const exactly = (text: string) => new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
const eventually = (what: () => unknown) => expect.poll(what, { timeout: 20_000 });
const refresh = 'GET /api/auth/token 200';

describeWithBrowser('the React bindings in a real browser, against the demo', () => {
  let demo: Demo;
  let browser: Browser;
  let scripts: { readonly production: string; readonly development: string };
  let context: BrowserContext;

  beforeAll(async () => {
    const [started, launched, production, development] = await Promise.all([
      startDemo({ trust: 'jwks', socketAuth: 'message', faults: [] }),
      startBrowser(),
      pageScript('react/page.ts', 'production'),
      pageScript('react/page.ts', 'development'),
    ]);
    [demo, browser, scripts] = [started, launched, { production, development }];
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });
  beforeEach(async () => {
    context = await browser.newContext();
  });
  afterEach(() => context.close());

  describe.each(['production', 'development'] as const)('in a %s build, in strict mode', (mode) => {
    const open = () => Tab.open(context, demo, scripts[mode]);

    it('opens no socket before auth, one after sign-in, and closes it at sign-out', async () => {
      const tab = await open();
      await tab.shows('#status', 'session-dead');
      await tab.shows('.phase', 'idle');
      expect(tab.sockets).toHaveLength(0);

      await tab.signIn('a');
      await tab.shows('.phase', 'live');
      expect(tab.sent).toEqual([JSON.stringify({ type: 'auth', token: await tab.stored() })]);
      await tab.click('.say');
      await tab.shows('.heard', '{"type":"echo","data":"hello"}');
      await tab.click('.say');
      await tab.shows('.heard', '{"type":"echo","data":"hello"} {"type":"echo","data":"hello"}');
      expect(tab.sockets).toHaveLength(1);

      await tab.click('#sign-out');
      await tab.shows('#status', 'signed-out');
      await tab.shows('.phase', 'idle');
      await eventually(() => tab.open).toBe(0);
      expect(await tab.stored()).toBeUndefined();
      await tab.click('#call');
      await tab.shows('#answers', '40 x signed-out');
      expect(tab.sockets).toHaveLength(1);
      expect(tab.calls).toBe(0);
    });

    it('shares one socket among components, and keeps it over an unmount that is taken back', async () => {
      const tab = await open();
      await tab.shows('#status', 'session-dead');
      await tab.signIn('a');
      await tab.shows('.phase', 'live');
      await tab.click('#two-chats');
      await tab.click('.say');
      await eventually(async () => (await tab.texts('.heard')).filter((text) => text !== '')).toHaveLength(2);
      await tab.click('#again');
      await tab.shows('.heard', '');
      await tab.shows('.phase', 'live');
      expect(tab.sockets).toHaveLength(1);
      expect(await tab.texts('.chat')).toHaveLength(1);
      expect(tab.open).toBe(1);
      await tab.click('#no-chat');
      await eventually(() => tab.open).toBe(0);
      // the browser tells of each 401; React and the page have nothing to say
      expect(tab.complaints.filter((text) => !/status of 401/.test(text))).toEqual([]);
    });
  });

  describe('in one tab', () => {
    it('gives forty calls with a dead token one refresh and forty answers', async () => {
      const tab = await Tab.open(context, demo, scripts.production);
      await tab.shows('#status', 'session-dead');
      await tab.click('#no-chat');
      await tab.signIn('a');
      const id = await tab.text('#user');
      await tab.holdDeadToken();
      const before = tab.times(refresh);
      await tab.click('#call');
      await tab.shows('#answers', `40 x 200 ${id}`);
      expect(tab.times('GET /api/me 401')).toBeGreaterThan(0);
      expect(tab.times('GET /api/me 200')).toBe(40);
      expect(tab.calls).toBeLessThanOrEqual(80);
      expect(tab.times(refresh) - before).toBe(1);
    });

    it('replaces the socket of a dead token by one with a new one, for one refresh', async () => {
      const tab = await Tab.open(context, demo, scripts.production);
      await tab.shows('#status', 'session-dead');
      await tab.signIn('a');
      await tab.shows('.phase', 'live');
      const before = tab.times(refresh);
      await tab.holdDeadToken();
      await eventually(() => tab.sent.length).toBe(3);
      await tab.shows('.phase', 'live');
      expect(tab.sockets.map((socket) => socket.isClosed())).toEqual([true, true, false]);
      expect(tab.times(refresh) - before).toBe(1);
      expect(tab.sent[2]).toContain(await tab.stored());
    });

    it('renders for a change of who is signed in and for nothing else', async () => {
      const tab = await Tab.open(context, demo, scripts.production);
      await tab.shows('#status', 'session-dead');
      await tab.signIn('a');
      await tab.shows('.phase', 'live');
      const renders = await tab.attribute('#calls', 'data-renders');
      await tab.click('#call');
      await tab.shows('#answers', /^40 x 200/);
      expect(await tab.attribute('#calls', 'data-renders')).toBe(renders);
      expect(await tab.attribute('#calls', 'data-functions')).toBe('1');
      await tab.click('#sign-out');
      await tab.shows('#status', 'signed-out');
      expect(await tab.attribute('#calls', 'data-renders')).not.toBe(renders);
    });
  });

  describe('in two tabs', () => {
    const open = () => Tab.open(context, demo, scripts.production);

    it('signs in and out in both at once', async () => {
      const [one, two] = [await open(), await open()];
      await one.shows('#status', 'session-dead');
      await two.shows('#status', 'session-dead');
      await one.signIn('a');
      await two.shows('#status', 'signed-in');
      await two.shows('.phase', 'live');
      expect(await two.text('#user')).toBe(await one.text('#user'));
      expect(two.times(refresh)).toBe(0);
      await two.click('#sign-out');
      await one.shows('#status', 'signed-out');
      await eventually(() => [one.open, two.open]).toEqual([0, 0]);
    });

    it('refreshes once for both', async () => {
      const [one, two] = [await open(), await open()];
      await one.shows('#status', 'session-dead');
      await one.click('#no-chat');
      await two.click('#no-chat');
      await one.signIn('a');
      await two.shows('#status', 'signed-in');
      // the sign-in has fetched a token, and that is heard of, too
      await eventually(() => one.times(refresh)).toBeGreaterThan(0);
      const both = (answer: string) => one.times(answer) + two.times(answer);
      const [before, taken] = [both(refresh), both('GET /api/me 200')];
      await one.holdDeadToken();
      const dead = await one.stored();
      await eventually(() => two.stored()).toBe(dead);
      await Promise.all([one.click('#call'), two.click('#call')]);
      await one.shows('#answers', /^40 x 200/);
      await two.shows('#answers', /^40 x 200/);
      // what a tab shows may be ahead of what is heard of its answers; a refresh is heard before what comes of it
      await eventually(() => both('GET /api/me 200') - taken).toBe(80);
      expect(both('GET /api/me 401')).toBeGreaterThan(0);
      expect(both(refresh) - before).toBe(1);
      const stored = await one.stored();
      await eventually(() => two.stored()).toBe(stored);
    });

    it('lets another user take over, and nothing of the first one stays open', async () => {
      const [one, two] = [await open(), await open()];
      await one.shows('#status', 'session-dead');
      await one.signIn('a');
      await two.shows('.phase', 'live');
      const a = await two.text('#user');
      await one.signIn('b');
      await two.shows('#user', new RegExp(`^(?!${a}$|nobody$).`));
      await two.click('#call');
      await two.shows('#answers', `40 x 200 ${await one.text('#user')}`);
      await two.shows('.phase', 'live');
      await eventually(() => [one.open, two.open]).toEqual([1, 1]);
    });
  });
});
