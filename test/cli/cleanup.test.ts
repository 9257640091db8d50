import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.js';
import type { Demo } from '../../src/demo/contract.js';
import { startDemo } from '../../src/demo/demo.js';
import { bin, lockstep } from '../support/bin.js';
import { describeWithPostgres, type Postgres, query, startPostgres } from '../support/postgres.js';

describeWithPostgres('users that a run makes', () => {
  let postgres: Postgres;
  let demo: Demo;
  let closed: Demo;
  let state: string;
  beforeAll(async () => {
    postgres = await startPostgres();
    const started = async (deleteUser: boolean) =>
      startDemo({
        trust: 'jwks',
        socketAuth: 'query',
        faults: [],
        deleteUser,
        databaseUrl: new Secret(await postgres.database()),
      });
    [demo, closed] = await Promise.all([started(true), started(false)]);
  });
  afterAll(async () => {
    await Promise.all([demo.stop(), closed.stop()]);
    await postgres.stop();
  });
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), 'lockstep-state-'));
    return () => rmSync(state, { recursive: true });
  });

  const env = (more: Record<string, string> = {}) => ({ LOCKSTEP_STATE_DIR: state, ...more });
  const check = (at: Demo, more: Record<string, string> = {}, ...flags: string[]) =>
    lockstep(['check', 'isolation/read', '--auth', at.auth, '--api', at.api, '--sign-up', ...flags], {
      env: env(more),
    });
  const cleanup = (...flags: string[]) => lockstep(['cleanup', ...flags], { env: env() });
  const kept = () => readdirSync(state, { recursive: true }).filter((name) => String(name).endsWith('.jsonl'));

  async function left(at: Demo): Promise<number[]> {
    const own = (table: string) =>
      `(select count(*)::int from "${table}" where "userId" in (select id from "user" where email like 'lockstep+%'))`;
    const [row] = await query(
      at.database.reveal(),
      `select array[(select count(*)::int from "user" where email like 'lockstep+%'), ${own('session')}, ${own('account')}, (select count(*)::int from task)] as rows`,
    );
    return row?.rows as number[];
  }
  const nothing = [0, 0, 0, 0];

  it('are gone after the run, and so is the record', async () => {
    const { code, out } = await check(demo, {}, '--json');
    expect(code, out).toBe(0);
    expect(out).not.toContain('@example.invalid",\n  "password');
    expect(await left(demo)).toEqual(nothing);
    expect(kept()).toEqual([]);
    expect(await cleanup()).toMatchObject({ code: 0, out: expect.stringContaining('nothing is on record') });
  });

  it('do not get into the way of another run at the same time', async () => {
    const runs = await Promise.all([check(demo), check(demo)]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expect(await left(demo)).toEqual(nothing);
    expect(kept()).toEqual([]);
  });

  it.each([
    ['journal-written', 'SIGKILL', null],
    ['journal-rename', 'SIGKILL', null],
    ['journal-written.6', 'SIGKILL', null],
    ['journal-remove', 'SIGKILL', null],
    ['journal-written.3', 'SIGINT', 130],
    ['journal-written.6', 'SIGTERM', 143],
    ['journal-written.5', 'SIGHUP', 129],
    ['journal-written.6', 'UNCAUGHT', 70],
    ['journal-written.5', 'SIGINT', 130],
  ])('are gone at the latest after cleanup when %s is where %s falls', async (at, act, owed) => {
    const { code, out, err } = await check(demo, { LOCKSTEP_KILL_AT: `${at}=${act}` });
    expect(code, out + err).toBe(owed);
    // what is asked to end takes back by itself
    if (owed !== null) expect([await left(demo), kept()], err).toEqual([nothing, []]);
    if (owed !== null && act !== 'UNCAUGHT') expect(err).toContain('taking back');
    const cleaned = await cleanup('--json');
    expect(cleaned.code, cleaned.out + cleaned.err).toBe(0);
    expect(cleaned.out).not.toMatch(/password|-aA1/);
    expect(await left(demo)).toEqual(nothing);
    expect(kept()).toEqual([]);
  });

  /** A line of a real shell, in which `lockstep` stands for a run that signs two users up. */
  function shell(line: string): Promise<{ code: number | null; out: string; err: string }> {
    const [node, auth, api] = [process.execPath, demo.auth, demo.api];
    const whole = line.replace(
      'lockstep',
      `"${node}" "${bin}" check isolation/read --auth ${auth} --api ${api} --sign-up`,
    );
    const child = spawn('bash', ['-o', 'pipefail', '-c', whole], { env: env({ PATH: process.env.PATH ?? '' }) });
    const said = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...said })));
  }

  it.each([
    ['lockstep --ndjson | head -1', 0, /^\{.*"start".*\}\n$/],
    ['lockstep --verbose 2>&1 | head -1', 0, /^.+\n$/],
    ['lockstep --ndjson >/dev/full', 3, /^$/],
    ['lockstep --json >/dev/full', 3, /^$/],
    ['lockstep --ndjson 2>/dev/full', 0, /"end"/],
  ])('are gone when nobody reads to the end: %s', async (line, owed, printed) => {
    const { code, out, err } = await shell(line);
    expect([code, out], err).toEqual([owed, expect.stringMatching(printed)]);
    if (owed === 3) expect(err).toMatch(/lockstep: the output cannot be written \(ENOSPC\)\n$/);
    expect([await left(demo), kept()]).toEqual([nothing, []]);
  });

  it('stay when a second Ctrl-C ends the run, which says so; cleanup removes them', async () => {
    // the second comes while the first thing is being taken back
    const at = 'journal-written.6=SIGINT,journal-written.7=SIGINT';
    const { code, err } = await check(demo, { LOCKSTEP_KILL_AT: at });
    expect(code).toBe(130);
    expect(err).toMatch(/left behind, `lockstep cleanup` removes it:\n {2}user lockstep\+/);
    expect(kept()).toHaveLength(1);
    expect(statSync(join(state, 'runs')).mode & 0o777).toBe(0o700);
    expect(statSync(join(state, kept()[0] as string)).mode & 0o777).toBe(0o600);
    expect((await left(demo))[0]).toBe(2);
    expect(await cleanup('--dry-run')).toMatchObject({ code: 0, out: expect.stringContaining('2 on record') });
    expect((await left(demo))[0]).toBe(2);
    expect(await cleanup()).toMatchObject({ code: 0, out: expect.stringContaining('2 removed') });
    expect(await left(demo)).toEqual(nothing);
  });

  it('stay on record while nobody answers, and while another deployment does', async () => {
    const gone = await startDemo({ trust: 'jwks', socketAuth: 'query', faults: [] });
    await check(gone, { LOCKSTEP_KILL_AT: 'journal-written.6' });
    const { auth } = gone;
    await gone.stop();
    const down = await cleanup('--json');
    expect(down.code, down.out).toBe(3);
    expect(kept()).toHaveLength(1);

    // at the same address somebody who refuses everybody, and whose keys are others
    const stranger = createServer((request, response) => {
      const keys = request.url?.endsWith('/jwks') === true;
      response.writeHead(keys ? 200 : 401, { 'content-type': 'application/json' });
      response.end(JSON.stringify(keys ? { keys: [{ kid: 'another' }] } : { code: 'INVALID_EMAIL_OR_PASSWORD' }));
    });
    await new Promise<void>((resolve) => stranger.listen(Number(new URL(auth).port), 'localhost', resolve));
    expect((stranger.address() as AddressInfo).port).toBe(Number(new URL(auth).port));
    const other = await cleanup('--json');
    stranger.closeAllConnections();
    await new Promise((resolve) => stranger.close(resolve));
    expect(other.code, other.out).toBe(1);
    expect(other.out).toContain('another deployment');
    expect(kept()).toHaveLength(1);
    const run = String(kept()[0]).replace(/^.*\/|\.jsonl$/g, '');
    expect((await cleanup('--forget', run)).code).toBe(0);
    expect(kept()).toEqual([]);
  });

  it('are not made where they could not be removed again', async () => {
    const { code, out } = await check(closed);
    expect(code).toBe(3);
    expect(out).toContain('self-deletion is off');
    expect(await left(closed)).toEqual(nothing);
    expect(readdirSync(state)).toEqual([]);
    // another database than that of the auth server proves nothing
    const wrong = await check(closed, { LOCKSTEP_DATABASE: demo.database.reveal() });
    expect(wrong.code).toBe(3);
    expect(wrong.out).toContain('no key in common');
    expect(await left(closed)).toEqual(nothing);
  });

  it('go by the database where that is the only way, also after a kill', async () => {
    const database = { LOCKSTEP_DATABASE: closed.database.reveal() };
    expect((await check(closed, database)).code).toBe(0);
    expect(await left(closed)).toEqual(nothing);
    await check(closed, { ...database, LOCKSTEP_KILL_AT: 'journal-written.6' });
    expect((await left(closed))[0]).toBe(2);
    const without = await cleanup();
    expect(without.code, without.out).toBe(1);
    // whoever could not be removed is not joined by others
    const again = await check(closed, database);
    expect([again.code, again.out]).toEqual([3, expect.stringContaining('lockstep cleanup')]);
    const { code, out } = await lockstep(['cleanup'], { env: env(database) });
    expect(code, out).toBe(0);
    expect(await left(closed)).toEqual(nothing);
    expect(kept()).toEqual([]);
  });

  it('are not made on production without consent', async () => {
    const { code, out } = await check(demo, {}, '--production');
    expect(code).toBe(3);
    expect(out).toContain('--allow-writes');
    const noise = await check(demo, {}, '--production', '--allow-writes');
    expect(noise.out).toContain('--allow-noisy');
    expect(readdirSync(state)).toEqual([]);
  });

  it('are not made where no record of them can be kept', async () => {
    const { code, err } = await check(demo, { LOCKSTEP_STATE_DIR: '/dev/null' });
    expect(code).toBe(3);
    expect(err).toContain('LOCKSTEP_STATE_DIR');
    expect(await left(demo)).toEqual(nothing);
  });
});
