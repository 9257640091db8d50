import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin } from '../support/bin.js';

const preload = join(import.meta.dirname, '../hostile/strand.cjs');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-stranded-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(args: readonly string[], env: Record<string, string>) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', XDG_STATE_HOME: folder, ...env },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: status, out: stdout, err: stderr };
}
const stranded = (at: string, ...args: string[]) =>
  run([bin, ...args], { STRAND_AT: at, NODE_OPTIONS: `--require ${preload}` });

describe('a run that nothing can wake any more', () => {
  it('does not end as a success without a word, which is what Node makes of it', () => {
    expect(run(['-e', 'new Promise(() => {}).then(() => process.exit(1))'], {})).toEqual({ code: 0, out: '', err: '' });
    const { code, out, err } = stranded('files', 'check', '--auth', 'http://127.0.0.1:1', '--report', 'json=r.json');
    expect({ code, out }).toEqual({ code: 70, out: '' });
    expect(err).toMatch(
      /^lockstep: this is a bug in lockstep: it waits for something that can no longer come\n→ nothing/,
    );
    expect(err).toContain('`lockstep support`');
    expect(err).toContain('`lockstep cleanup`');
  });

  it('is woken as by an interruption, and ends what it began: one report, and the words behind it', () => {
    const { code, out, err } = stranded('network', 'check', '--json', '--auth', 'http://127.0.0.1:1');
    expect(code).toBe(70);
    const { results } = JSON.parse(out);
    expect(results.some(({ verdict }: { verdict: string }) => verdict === 'inconclusive')).toBe(true);
    expect(err).toContain('this is a bug in lockstep: it waits for something');
  });

  it('says what it would leave behind', () => {
    const script = `const { load } = require(${JSON.stringify(bin)});
      load('lockstep.cjs').toItsEnd(new Promise(() => {}), { end() {}, left: () => '\\nleft behind:\\n  user ada\\n' });`;
    const { code, err } = run(['-e', script], {});
    expect(code).toBe(70);
    expect(err).toContain('longer come\nleft behind:\n  user ada\n→ nothing was decided');
  });

  it('is none where it has ended', () => {
    const script = `const { load } = require(${JSON.stringify(bin)});
      load('lockstep.cjs').toItsEnd(Promise.resolve(3), { end() { throw new Error(); }, left: () => '' });`;
    expect(run(['-e', script], {})).toEqual({ code: 3, out: '', err: '' });
  });
});

describe('a standard input that nobody ends', () => {
  it.each(['verify', 'which'])('holds token %s no longer than its deadline', async (verb) => {
    const args = [bin, 'token', verb, '--secret-env', 'A_SECRET', '--deadline', '1s', '-'];
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', XDG_STATE_HOME: folder, A_SECRET: 'a-secret-that-signed-nothing-here' },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin.on('error', () => {});
    child.stdin.write('e30.');
    const ended = await new Promise((resolve) => child.once('exit', (status) => resolve(status)));
    child.stdin.destroy();
    expect(ended).toBe(3);
  });
});

describe('a run that has come to its end', () => {
  it('is not left before a reader that takes its time has all of it', () => {
    const name = (n: number) => `${'A_LONG_NAME_'.repeat(14)}${n}`;
    const twice = Array.from({ length: 100 }, (_, n) => `${name(n)}=1\n${name(n)}=2\n`).join('');
    for (const side of ['web', 'api']) {
      mkdirSync(join(folder, side));
      writeFileSync(join(folder, side, '.env'), `BETTER_AUTH_SECRET=${'0123456789abcdef'.repeat(3)}\n${twice}`);
    }
    // more than a pipe holds, and nobody reads yet: whoever leaves now takes the rest along
    const line = [process.execPath, bin, 'env', 'check', '--frontend', 'web', '--backend', 'api', '--json'];
    const out = execFileSync('bash', ['-c', '"$@" | { sleep 1; cat; }', 'bash', ...line], { cwd: folder });
    expect(out.length).toBeGreaterThan(70_000);
    expect(JSON.parse(String(out))).toMatchObject({ command: 'env check' });
  });
});
