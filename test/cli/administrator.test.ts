import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { lockstep } from '../support/bin.js';
import { describeWithPostgres, query } from '../support/postgres.js';
import type { Program } from '../support/stock.js';
import { password, useStockAuth } from '../support/stock.js';

const root = { LOCKSTEP_ADMIN_EMAIL: 'root@example.test', LOCKSTEP_ADMIN_PASSWORD: password };

describeWithPostgres('users that a run makes where only an administrator may remove them', () => {
  const auth = useStockAuth({ admin: 'on' });
  let api: Program;
  let state: string;
  beforeAll(async () => {
    api = await auth.api();
  });
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), 'lockstep-state-'));
    return () => rmSync(state, { recursive: true });
  });

  const run = (args: readonly string[], env: Readonly<Record<string, string>>) =>
    lockstep([...args], { env: { LOCKSTEP_STATE_DIR: state, ...env } });
  const check = (env: Readonly<Record<string, string>>, ...more: string[]) => {
    const routes = ['--me', '/users/me', '--tasks', '/items'];
    const where = ['--auth', auth.url, '--api', api.url, ...routes];
    return run(
      ['check', 'session/login', 'session/second-user', 'isolation/read', ...where, '--sign-up', ...more],
      env,
    );
  };
  const kept = () => readdirSync(state, { recursive: true }).filter((name) => String(name).endsWith('.jsonl'));
  const people = async () => {
    const rows = await query(auth.database, 'select email from "user" order by email');
    return rows.map(({ email }) => email);
  };
  const sessionsOfRoot = async () => {
    const own = `select 1 from session where "userId" = (select id from "user" where name = 'root')`;
    return (await query(auth.database, own)).length;
  };
  const rest = ['ada@example.test', 'root@example.test'];

  it('are made, removed by the administrator, and nobody else is', async () => {
    const before = await sessionsOfRoot();
    const { code, out, err } = await check(root, '--json');
    expect(code, out + err).toBe(0);
    const { results } = JSON.parse(out) as { results: { check: string; verdict: string }[] };
    expect(results).toContainEqual(expect.objectContaining({ check: 'isolation/read', verdict: 'pass' }));
    expect([await people(), kept()]).toEqual([rest, []]);
    expect(await sessionsOfRoot(), 'the session of the administrator is ended').toBe(before);
    expect(out + err).not.toContain(password);
  });

  it('are removed by the administrator whom cleanup is given, after a kill, and stay without one', async () => {
    const { code } = await check({ ...root, LOCKSTEP_KILL_AT: 'journal-written.6=SIGKILL' });
    expect(code).toBeNull();
    expect(await people()).toHaveLength(4);
    const nobody = await run(['cleanup'], {});
    expect([nobody.code, nobody.out]).toEqual([1, expect.stringMatching(/user lockstep\+.*self-deletion is off/s)]);
    const wrong = await run(['cleanup'], { ...root, LOCKSTEP_ADMIN_PASSWORD: 'not-the-password' });
    expect([wrong.code, wrong.out]).toEqual([1, expect.stringContaining('to the sign-in of root@example.test')]);
    expect(await people()).toHaveLength(4);
    const cleaned = await run(['cleanup', '--json'], root);
    expect(cleaned.code, cleaned.out + cleaned.err).toBe(0);
    expect([await people(), kept()]).toEqual([rest, []]);
  });

  it.each([
    ['nobody is given', {}, 'no administrator is given'],
    [
      'the password is wrong',
      { ...root, LOCKSTEP_ADMIN_PASSWORD: 'not-the-password' },
      'answered 401 INVALID_EMAIL_OR_PASSWORD to the sign-in of root@example.test',
    ],
    [
      'it is no administrator',
      { ...root, LOCKSTEP_ADMIN_EMAIL: 'ada@example.test' },
      'answered 200: ada@example.test may not list and delete users',
    ],
  ])('are not made where %s', async (_, env, why) => {
    const { code, out } = await check(env, '--json');
    expect(code, out).toBe(3);
    const { results } = JSON.parse(out) as { results: { check: string; verdict: string; because?: string }[] };
    expect(results.find(({ check: id }) => id === 'session/login')).toMatchObject({
      verdict: 'skip',
      because: expect.stringContaining(why),
    });
    expect(await people()).toEqual(rest);
  });

  it('is told of by half an administrator', async () => {
    const { code, err } = await check({ LOCKSTEP_ADMIN_EMAIL: 'root@example.test' });
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('the administrator has an e-mail address and no password'),
    ]);
  });
});

describeWithPostgres('where the admin plugin is off', () => {
  const auth = useStockAuth();

  it('an administrator is of no use, and nobody is made', async () => {
    const env = { LOCKSTEP_ADMIN_EMAIL: 'ada@example.test', LOCKSTEP_ADMIN_PASSWORD: password };
    const { code, out } = await lockstep(['check', 'session/login', '--auth', auth.url, '--sign-up', '--json'], {
      env,
    });
    expect([code, out]).toEqual([
      3,
      expect.stringContaining('/admin/has-permission answered 404, the admin plugin is off'),
    ]);
  });
});
