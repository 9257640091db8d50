import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Demo, DemoOptions } from '../../src/demo/contract.js';
import { startDemo } from '../../src/demo/demo.js';
import { signUp } from '../../src/demo/people.js';
import { realWorld } from '../../src/io/world.js';
import { main } from '../../src/main.js';
import type { World } from '../../src/world.js';
import type { BinOptions } from '../support/bin.js';
import { lockstep } from '../support/bin.js';

interface JsonReport {
  readonly outcome: string;
  readonly results: readonly {
    check: string;
    verdict: string;
    because?: string;
    findings: readonly { code: string; text: string }[];
  }[];
}

/** A stream takes its time, so that a busy machine does not make one piece of it. */
const plain = { trust: 'jwks', socketAuth: 'query', faults: [], pace: 100 } as const;

/** A deployment of a test's own, gone when the test is over. */
async function withDemo<T>(options: Partial<DemoOptions>, act: (demo: Demo) => Promise<T>): Promise<T> {
  const demo = await startDemo({ ...plain, ...options });
  try {
    return await act(demo);
  } finally {
    await demo.stop();
  }
}

/** What is advised and not there on any stock Better Auth. */
const lawful = ['token/claims-sane', 'session/session-responses-not-cacheable'];

/** Results that are neither a pass, nor a skip that says what would bring it, nor a lawful warning. */
function findings({ results }: JsonReport) {
  return results.filter(
    ({ check, verdict, because = '' }) =>
      verdict !== 'pass' && !(verdict === 'skip' && because !== '') && !(verdict === 'warn' && lawful.includes(check)),
  );
}

/** `lockstep check` in this process against a demo, through a world that the test may bend. */
async function check(demo: Demo, bend: (world: World) => Partial<World> = () => ({}), only: string[] = []) {
  const printed: string[] = [];
  const { users, configFile } = demo;
  const real = realWorld();
  const world: World = {
    ...real,
    env: { LOCKSTEP_A_PASSWORD: users.a.password.reveal(), LOCKSTEP_B_PASSWORD: users.b.password.reveal() },
    stdout: { ...real.stdout, isTTY: false, write: (text) => printed.push(text) },
    stderr: { ...real.stderr, isTTY: false, write: () => {} },
  };
  const code = await main(['check', '--json', '--config', configFile, ...only], { ...world, ...bend(world) });
  const report: JsonReport = JSON.parse(printed.join(''));
  const verdicts = Object.fromEntries(report.results.map(({ check, verdict }) => [check, verdict]));
  return { code, report, verdicts };
}

describe('lockstep demo', () => {
  // a folder for temporary files that nobody else writes into
  let own: string;
  beforeEach(() => {
    own = mkdtempSync(path.join(tmpdir(), 'lockstep-test-'));
  });
  afterEach(() => rmSync(own, { recursive: true }));

  it('starts a deployment, passes sixty checks and more, and leaves no process and no file', async () => {
    const { code, out, err } = await lockstep(['demo', '--json'], { env: { TMPDIR: own } });
    expect(err).toBe('');
    const report: JsonReport = JSON.parse(out);
    expect(findings(report)).toEqual([]);
    const passed = report.results.filter(({ verdict }) => verdict === 'pass');
    expect(passed.length).toBeGreaterThanOrEqual(60);
    expect(report.outcome).toBe('ok');
    expect(code).toBe(0);
    expect(readdirSync(own)).toEqual([]);
  });

  it('prints a report for people, with no colour in a pipe; over TLS as well', async () => {
    const asked = ['--trust', 'shared-secret', '--socket-auth', 'message', '--edge', '--tls'];
    const { code, out } = await lockstep(['demo', ...asked]);
    expect(code, out).toBe(0);
    expect(out).toMatch(/pass {2}transport\/tls-valid/);
    expect(out).toMatch(/in step: \d+ passed, 0 failed/);
    expect(out).not.toContain('\u001b');
  });

  it('keeps running with --serve until Ctrl-C, prints what is needed, and cleans up: 130', async () => {
    let served = '';
    const { code, out } = await lockstep(['demo', '--serve', '--json'], {
      env: { TMPDIR: own },
      onOutput(printed, kill) {
        if (served === '' && printed.trimEnd().endsWith('}')) {
          served = printed;
          kill('SIGINT');
        }
      },
    });
    const { auth, api, page, folder, variables, config } = JSON.parse(out);
    expect(code).toBe(130);
    expect([auth, api, page].every((url) => url.startsWith('http://localhost:'))).toBe(true);
    expect(Object.keys(variables)).toEqual(['LOCKSTEP_A_PASSWORD', 'LOCKSTEP_B_PASSWORD']);
    expect(config.targets.local.auth).toBe(auth);
    await expect(fetch(api)).rejects.toThrow();
    expect(folder.startsWith(own)).toBe(true);
    expect(readdirSync(own)).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('stopped by %s while it starts leaves nothing', async (signal) => {
    const { code } = await lockstep(['demo'], { env: { TMPDIR: own }, onOutput: once((kill) => kill(signal)) });
    expect(code).toBe(signal === 'SIGINT' ? 130 : 143);
    expect(readdirSync(own)).toEqual([]);
  });

  it('says where it may not make its folder', async () => {
    const { code, out, err } = await lockstep(['demo'], { env: { TMPDIR: path.join(own, 'not-there') } });
    expect(code).toBe(3);
    expect(out).toBe('');
    expect(err).toContain(`in ${own}/not-there (ENOENT)`);
    expect(err).toContain('TMPDIR');
  });

  it('says that there is no way to its own auth server, as where localhost is no name', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as { port: number };
    await new Promise((resolve) => holder.close(resolve));
    const gone = `http://127.0.0.1:${port}/api/auth`;
    await expect(signUp(gone, gone, 'a')).rejects.toMatchObject({
      code: 'demo-not-started',
      exit: 3,
      message: expect.stringMatching(new RegExp(`${gone}: .*ECONNREFUSED`)),
    });
  });

  it('says which port is taken', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, 'localhost', resolve));
    const { port } = holder.address() as { port: number };
    const { code, err } = await lockstep(['demo', '--auth-port', String(port)]);
    holder.close();
    expect(code).not.toBe(0);
    expect(code).not.toBe(70);
    expect(err).toContain(String(port));
  });

  it('serves or reports: --serve refuses what only a run of checks could tell, and writes nothing', async () => {
    const asked = ['--report', `junit=${own}/junit`, '--trace', `${own}/har`, '--ndjson', '-v'];
    const { code, out, err } = await lockstep(['demo', '--serve', ...asked], { env: { TMPDIR: own } });
    expect(code).toBe(2);
    expect(out).toBe('');
    for (const flag of ['--report', '--trace', '--ndjson', '--verbose']) expect(err).toContain(flag);
    expect(readdirSync(own)).toEqual([]);
  });

  it('tells every wrong option at once', async () => {
    const { code, err } = await lockstep([
      'demo',
      '--trust',
      'jkws',
      '--socket-auth',
      'cookie',
      '--api-port',
      '99999',
      '--fault',
      'F14',
      '--database-url-env',
      'NOT_SET',
    ]);
    expect(code).toBe(2);
    for (const wrong of ['jkws', 'cookie', '99999', 'F14', 'NOT_SET']) expect(err).toContain(wrong);
  });
});

describe('a run against a real deployment', () => {
  it('finds the secret of the API swapped: 1, the API refuses the token, and what needs it is skipped', async () => {
    const { code, verdicts } = await withDemo({ trust: 'shared-secret', faults: ['F036'] }, (demo) => check(demo));
    expect(code).toBe(1);
    expect(verdicts).toMatchObject({
      'session/login': 'pass',
      'token/fetch': 'pass',
      'token/accepted-by-api': 'fail',
      'token/signature-verified': 'skip',
      'refresh/recovers': 'skip',
      'isolation/read': 'skip',
      'isolation/list': 'skip',
    });
  });

  it.each([
    ['at its first call', (_: string, calls: number) => calls === 1],
    ['right after an object was made in it', (line: string) => line === 'POST /api/tasks'],
    ['when it is to be cleaned up', (line: string) => line.startsWith('DELETE')],
  ])('whose API stops %s ends with 3, names the API, and fails nothing', (_, when) =>
    withDemo({}, async (demo) => {
      let calls = 0;
      const { code, report } = await check(demo, ({ http }) => ({
        http: {
          ...http,
          async send(request) {
            if (!request.url.startsWith(demo.api)) return http.send(request);
            const line = `${request.method} ${new URL(request.url).pathname}`;
            const stops = when(line, ++calls);
            const reply = stops && line.startsWith('POST') ? await http.send(request) : undefined;
            if (stops) await demo.services.api?.stop();
            return reply ?? http.send(request);
          },
        },
      }));
      expect(report.results.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
      expect(report.outcome).toBe('unfinished');
      expect(code).toBe(3);
      expect(JSON.stringify(report)).toContain(`${demo.api}/api/`);
    }),
  );

  describe('that stays whole', () => {
    let demo: Demo;
    beforeAll(async () => {
      demo = await startDemo(plain);
    });
    afterAll(() => demo?.stop());

    it('leaves no object behind, also when it is interrupted', async () => {
      const interruption = new AbortController();
      await check(demo, ({ http }) => ({
        interrupted: interruption.signal,
        http: {
          ...http,
          async send(request) {
            const reply = await http.send(request);
            if (request.method === 'POST' && request.url.endsWith('/api/tasks')) interruption.abort('SIGINT');
            return reply;
          },
        },
      })).catch(() => {});
      expect(await tasksOf(demo)).toEqual([]);
    });

    it('signs each user in once, where no check ends or needs a session of its own', async () => {
      let signIns = 0;
      await check(
        demo,
        ({ http }) => ({
          http: {
            ...http,
            send(request) {
              if (request.url.endsWith('/sign-in/email')) signIns += 1;
              return http.send(request);
            },
          },
        }),
        [
          'token/signature-verified',
          'refresh/recovers',
          'ws/unusable-token-refused',
          'isolation/read',
          'isolation/list',
        ],
      );
      expect(signIns).toBe(2);
    });

    it('with a wrong password has learnt nothing, ends with 3 and names the user', async () => {
      const { code, out, err } = await lockstep(['check', '--config', demo.configFile], {
        env: { LOCKSTEP_A_PASSWORD: 'not-the-password', LOCKSTEP_B_PASSWORD: demo.users.b.password.reveal() },
      });
      expect(code).toBe(3);
      expect(out).toContain(`${demo.users.a.email}: see that it exists there and that its password is the right one`);
      expect(out + err).not.toContain('not-the-password');
    });

    it('works with flags and variables alone', async () => {
      const { auth, api, users } = demo;
      const { code, out } = await lockstep(['check', '--auth', auth, '--api', api, '--json'], {
        env: {
          LOCKSTEP_A_EMAIL: users.a.email,
          LOCKSTEP_A_PASSWORD: users.a.password.reveal(),
          LOCKSTEP_B_EMAIL: users.b.email,
          LOCKSTEP_B_PASSWORD: users.b.password.reveal(),
        },
      });
      const report: JsonReport = JSON.parse(out);
      expect(findings(report)).toEqual([]);
      expect(code).toBe(0);
    });

    // the last: it is not whole any more
    it('whose auth server is gone ends with 3 and names it', async () => {
      await demo.services.auth?.stop();
      const { code, report } = await check(demo);
      expect(code).toBe(3);
      expect(report.results[0]).toMatchObject({ check: 'session/login', verdict: 'inconclusive' });
      expect(report.results[0]?.because).toContain(demo.auth);
    });
  });
});

/** What user A owns, asked of the API with a token of A's own. */
async function tasksOf(demo: Demo): Promise<unknown[]> {
  const { email, password } = demo.users.a;
  const origin = new URL(demo.auth).origin;
  const signedIn = await fetch(`${demo.auth}/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ email, password: password.reveal() }),
  });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const { token } = (await (await fetch(`${demo.auth}/token`, { headers: { cookie } })).json()) as { token: string };
  const list = await fetch(`${demo.api}/api/tasks`, { headers: { authorization: `Bearer ${token}` } });
  return ((await list.json()) as { tasks: unknown[] }).tasks;
}

/** Only the first signal: a second one means "stop now, whatever is left". */
function once(act: (kill: (signal: NodeJS.Signals) => void) => void): NonNullable<BinOptions['onOutput']> {
  let done = false;
  return (_, kill) => {
    if (!done) act(kill);
    done = true;
  };
}
