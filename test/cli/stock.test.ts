import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, expect, it } from 'vitest';
import { lockstep } from '../support/bin.js';
import { describeWithPostgres } from '../support/postgres.js';
import type { Program } from '../support/stock.js';
import { hasFastApi, password, useStockAuth } from '../support/stock.js';

const a = { LOCKSTEP_A_EMAIL: 'ada@example.test', LOCKSTEP_A_PASSWORD: password };
const both = { ...a, LOCKSTEP_B_EMAIL: 'bob@example.test', LOCKSTEP_B_PASSWORD: password };

interface Ran {
  readonly code: number | null;
  /** ids by verdict */
  readonly of: Readonly<Record<'pass' | 'warn' | 'fail' | 'skip' | 'inconclusive', readonly string[]>>;
  readonly warnings: readonly string[];
  /** skips that give no reason */
  readonly unexplained: readonly string[];
}

/** `lockstep check` with flags and variables alone, as in a folder without lockstep.json. */
async function check(args: readonly string[], env: Readonly<Record<string, string>> = both): Promise<Ran> {
  const { code, out, err } = await lockstep(['check', ...args, '--json'], { env });
  if (code === 2 || code === 70) throw new Error(err);
  const { results } = JSON.parse(out) as {
    results: { check: string; verdict: keyof Ran['of']; because?: string; findings: { code: string }[] }[];
  };
  const ids = (verdict: string) => results.filter((each) => each.verdict === verdict).map((each) => each.check);
  return {
    code,
    of: {
      pass: ids('pass'),
      warn: ids('warn'),
      fail: ids('fail'),
      skip: ids('skip'),
      inconclusive: ids('inconclusive'),
    },
    warnings: results.flatMap(({ findings }) => findings.map((finding) => finding.code)),
    unexplained: results
      .filter(({ verdict, because = '' }) => verdict === 'skip' && because === '')
      .map((each) => each.check),
  };
}

/** What Better Auth does by itself, and what a plain API leaves out: worse than advised, and no more. */
const lawful = [
  'token/claims-sane.audience-is-issuer',
  'session/session-responses-not-cacheable.unsaid',
  'token/errors-are-bearer-errors.no-challenge',
  // HTTPBearer of older FastAPIs says 403 where no credential came
  'token/errors-are-bearer-errors.other-status',
  'ws/origin-enforced.foreign-accepted',
];

function quiet(ran: Ran): void {
  expect(ran.of.fail).toEqual([]);
  expect(ran.of.inconclusive).toEqual([]);
  expect(ran.warnings.filter((code) => !lawful.includes(code))).toEqual([]);
  expect(ran.unexplained).toEqual([]);
  expect(ran.code).toBe(0);
}

const patience = { timeout: 120_000 };

describeWithPostgres('an application that knows nothing of lockstep', () => {
  const auth = useStockAuth();
  let api: Program;
  beforeAll(async () => {
    api = await auth.api();
  });
  const at = (...more: string[]) => ['--auth', auth.url, '--api', api.url, ...more];

  it('gets no false word where its routes are told', patience, async () => {
    const ran = await check(at('--me', '/users/me', '--tasks', '/items', '--socket', '/live'));
    quiet(ran);
    expect(ran.of.pass).toEqual(
      expect.arrayContaining([
        'session/login',
        'session/second-user',
        'token/fetch',
        'token/accepted-by-api',
        'token/signature-verified',
        'refresh/recovers',
        'ws/connects-after-auth',
        'ws/unusable-token-refused',
        'isolation/owner-reads-back',
        'isolation/read',
        'isolation/list',
        'isolation/modify',
      ]),
    );
  });

  it('gets none where nothing is told: what is not found at the usual places is skipped', patience, async () => {
    const ran = await check(at());
    quiet(ran);
    expect(ran.of.pass).toContain('token/fetch');
    expect(ran.of.skip).toEqual(
      expect.arrayContaining([
        'token/accepted-by-api',
        'ws/connects-after-auth',
        'isolation/read',
        'transport/sse-not-buffered',
      ]),
    );
  });

  it('gets none without a second user and without a socket', patience, async () => {
    const ran = await check(at('--me', '/users/me', '--tasks', '/items'), a);
    quiet(ran);
    expect(ran.of.pass).toEqual(expect.arrayContaining(['token/signature-verified', 'isolation/owner-reads-back']));
    expect(ran.of.skip).toEqual(expect.arrayContaining(['session/second-user', 'isolation/read', 'isolation/list']));
  });

  it('is not praised without users: 3', patience, async () => {
    const ran = await check(at('--me', '/users/me'), {});
    expect(ran.of.fail).toEqual([]);
    expect(ran.unexplained).toEqual([]);
    expect(ran.code).toBe(3);
  });

  it('is not blamed for a route that was told wrongly: 3', patience, async () => {
    const ran = await check(at('--me', '/users/you', '--only', 'token', 'ws'));
    expect(ran.of.fail).toEqual([]);
    expect(ran.of.inconclusive).toEqual(['token/accepted-by-api']);
    expect(ran.code).toBe(3);
    const lost = await check(at('--me', '/users/me', '--tasks', '/thing', '--only', 'isolation/read'));
    expect(lost.of.fail).toEqual([]);
    expect(lost.of.inconclusive).toEqual(['isolation/owner-reads-back']);
    expect(lost.code).toBe(3);
  });

  it('has an API whose address serves pages for every path: nothing is held against its tokens', patience, async () => {
    const pages = createServer((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!DOCTYPE html><div id="__next">'),
    );
    await new Promise<void>((resolve) => pages.listen(0, 'localhost', resolve));
    const url = `http://localhost:${(pages.address() as AddressInfo).port}`;
    const assumed = await check(['--auth', auth.url, '--api', url]);
    const told = await check(['--auth', auth.url, '--api', url, '--me', '/users/me', '--only', 'token', 'isolation']);
    pages.closeAllConnections();
    await new Promise((resolve) => pages.close(resolve));
    quiet(assumed);
    expect(assumed.of.skip).toContain('token/accepted-by-api');
    expect(told.of.fail).toEqual(['token/accepted-by-api']);
    expect(told.warnings).toContain('token/accepted-by-api.not-json');
  });

  it('is told that its API is no Better Auth, not that a password is wrong', patience, async () => {
    const ran = await check(['--auth', api.url, '--api', api.url, '--only', 'session']);
    expect(ran.code).toBe(1);
    expect(ran.warnings).toEqual(['session/login.wrong-address', 'session/second-user.wrong-address']);
  });

  it.skipIf(!hasFastApi)(
    'has a backend in Python (needs python3-fastapi): no false word either',
    patience,
    async () => {
      api = await auth.fastApi();
      const ran = await check(at('--me', '/profile', '--tasks', '/notes/'));
      quiet(ran);
      expect(ran.of.pass).toEqual(
        expect.arrayContaining(['token/signature-verified', 'refresh/recovers', 'isolation/read', 'isolation/list']),
      );
      const other = await check(at('--me', '/profile', '--tasks', '/memos/', '--only', 'isolation', 'token'));
      quiet(other);
      expect(other.of.skip).toContain('isolation/owner-reads-back');
    },
  );
});
