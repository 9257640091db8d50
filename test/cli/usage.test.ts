import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checks } from 'virtual:checks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { Exit } from '../../src/core/exit.js';
import { commands } from '../../src/main/commands.js';
import { main } from '../../src/main.js';
import { bin, lockstep } from '../support/bin.js';
import { fakeWorld } from '../support/fake-world.js';

async function run(args: string[], options: Parameters<typeof fakeWorld>[0] = {}) {
  const world = fakeWorld(options);
  const code = await main(args, world);
  return { code, out: world.out(), err: world.err(), sent: world.sent };
}

const addresses = ['--auth', 'http://localhost:3000', '--api', 'http://localhost:8000'];

describe('the command line', () => {
  it('says its version', async () => {
    expect(await run(['--version'])).toMatchObject({ code: 0, out: `${packageJson.version}\n`, err: '' });
  });

  it.each([[['--help']], [['-h']], [['help']]])('lists every command for %j', async (args) => {
    const { code, out } = await run(args);
    expect(code).toBe(0);
    for (const { name, summary } of commands) expect(out).toMatch(new RegExp(`${name}.*${summary.slice(0, 20)}`));
  });

  it('says what each exit code means', async () => {
    const { code, out } = await run(['help', 'exit-codes']);
    expect(code).toBe(0);
    for (const number of Object.values(Exit)) expect(out).toMatch(new RegExp(`^ *${number}  \\S`, 'm'));
  });

  it.each(commands.map(({ name }) => name))('explains %s, with examples', async (name) => {
    for (const args of [
      [name, '--help'],
      ['help', name],
    ]) {
      const { code, out, err } = await run(args);
      expect(code).toBe(0);
      expect(err).toBe('');
      expect(out).toContain(`lockstep ${name}`);
    }
  });

  it('refuses an unknown command and suggests the nearest', async () => {
    const { code, out, err } = await run(['chekc']);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain("unknown command 'chekc'");
    expect(err).toContain('check');
  });

  it('suggests the nearest verb of a group, and names them where there is none', async () => {
    expect((await run(['env', 'chekc'])).err).toContain('Did you mean check?');
    const { code, err } = await run(['migrate']);
    expect(code).toBe(2);
    expect(err).toContain('migrate alone does nothing');
    expect(err).toContain('up, status');
  });

  it('tells every unknown flag at once and suggests the nearest', async () => {
    const { code, err } = await run(['check', '--jsno', '--autth', 'http://x', '--strict']);
    expect(code).toBe(2);
    expect(err).toContain("unknown option '--jsno'");
    expect(err).toContain('--json');
    expect(err).toContain("unknown option '--autth'");
    expect(err).toContain('--auth');
  });

  it('says mistakes in JSON where JSON was asked for', async () => {
    const { code, out, err } = await run(['check', '--json', '--nope']);
    expect(code).toBe(2);
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 1,
      command: 'check',
      outcome: 'usage',
      error: { code: 'usage' },
    });
  });

  it('needs to know where the auth server is', async () => {
    const { code, err, sent } = await run(['check']);
    expect(code).toBe(2);
    expect(err).toContain('--auth');
    expect(sent).toEqual([]);
  });

  it('does not run when the selection matches no check: 3, never 0', async () => {
    const { code, err, sent } = await run(['check', ...addresses, '--only', 'token/fecth']);
    expect(code).toBe(3);
    expect(err).toContain('token/fetch');
    expect(sent).toEqual([]);
  });

  it.each([[['token', 'sockets']], [[',']], [['--only', '']]])(
    'runs nothing for the selection %j of which a part is nothing: 3',
    async (selection) => {
      const { code, sent } = await run(['check', ...addresses, ...selection]);
      expect(code).toBe(3);
      expect(sent).toEqual([]);
    },
  );

  it('suggests the nearest command to help, too', async () => {
    const { code, err } = await run(['help', 'chekc']);
    expect(code).toBe(2);
    expect(err).toContain('check');
    expect(err).not.toContain('outputHelp');
  });

  it('lists the checks without knowing any deployment', async () => {
    const { code, out } = await run(['check', '--list']);
    expect(code).toBe(0);
    expect(out).toContain('session/login');
  });

  it('prints the plan and contacts nobody', async () => {
    const { code, out, sent } = await run(['check', ...addresses, '--list']);
    expect(code).toBe(0);
    for (const { id } of checks) expect(out).toContain(id);
    expect(sent).toEqual([]);
  });

  it('draws in what a selected check needs', async () => {
    const { out } = await run(['check', ...addresses, '--only', 'ws/unusable-token-refused', '--list', '--json']);
    const { plan } = JSON.parse(out);
    expect(plan.map(({ check }: { check: string }) => check)).toEqual([
      'session/login',
      'token/fetch',
      'ws/connects-after-auth',
      'ws/unusable-token-refused',
    ]);
  });
});

describe('a process of its own', () => {
  it.each([
    ['--inspect=0', 2, ''],
    ['--max-old-space-size=512 --inspect=127.0.0.1:0', 2, ''],
    ['--inspect-port=0', 0, /^[0-9a-f]{64}\n$/],
  ])('with %s in NODE_OPTIONS ends with %i', async (flags, owed, printed) => {
    const { code, out, err } = await lockstep(['secret'], { env: { NODE_OPTIONS: flags } });
    expect([code, out]).toEqual([owed, expect.stringMatching(printed)]);
    if (owed === 2) expect(err).toContain('lockstep: --inspect is on');
    expect(await lockstep(['--version'], { env: { NODE_OPTIONS: flags } })).toMatchObject({ code: 0 });
  });

  it.runIf(process.platform === 'linux')('that dies leaves no secret in a core dump', async () => {
    const child = spawn(process.execPath, [bin, 'token', 'decode', '-'], { stdio: ['pipe', 'ignore', 'ignore'] });
    const filter = () => readFileSync(`/proc/${child.pid}/coredump_filter`, 'utf8').trim();
    // it waits for a token, which does not come
    for (let tries = 0; tries < 500 && filter() !== '00000000'; tries++) await sleep(20);
    expect(filter()).toBe('00000000');
    child.stdin.end();
    await new Promise((resolve) => child.on('close', resolve));
  });

  it.runIf(process.platform === 'linux').each([['secret'], ['--version'], ['check', '--list'], ['explain', '--json']])(
    'that cannot print %s is no success',
    (...args) => {
      const full = openSync('/dev/full', 'w');
      const ended = spawnSync(process.execPath, [bin, ...args], { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' });
      closeSync(full);
      expect([ended.status, ended.stderr]).toEqual([3, 'lockstep: the output cannot be written (ENOSPC)\n']);
    },
  );
});

describe('hints', () => {
  it('name only commands that exist', () => {
    const known = new Set([...commands.map(({ name }) => name)]);
    const named = checks.flatMap((check) =>
      Object.values(check.problems as Record<string, { hint?: string }>).flatMap(({ hint = '' }) =>
        [...hint.matchAll(/`lockstep (\S+?)`|`lockstep (\S+) /g)].map((match) => match[1] ?? match[2]),
      ),
    );
    expect(named.filter((name) => name === undefined || !known.has(name))).toEqual([]);
  });
});

describe('a wrong lockstep.json', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'lockstep-test-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is refused with every mistake, each with line and column', async () => {
    writeFileSync(
      path.join(folder, 'lockstep.json'),
      '{\n  // where it is\n  "targets": { "local": {\n    "auth": "localhost:3000",\n    "apii": "http://localhost:8000",\n    "production": "no"\n  } }\n}\n',
    );
    const { code, out, err } = await lockstep(['check'], { cwd: folder });
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(/lockstep\.json:4:13/);
    expect(err).toMatch(/lockstep\.json:5:5/);
    expect(err).toMatch(/lockstep\.json:6:19/);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('that is a folder is said to be one', async () => {
    const { code, err } = await lockstep(['check', '--config', folder], { cwd: folder });
    expect(code).toBe(2);
    expect(err).toContain('folder');
  });

  it('that is named and not there is said to be missing', async () => {
    expect(await lockstep(['check', '--config', 'nowhere.json'], { cwd: folder })).toMatchObject({ code: 2 });
  });
});
