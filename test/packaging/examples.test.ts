import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command as Commander } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import check from '../../src/commands/check.js';
import { bin } from '../support/bin.js';

const root = path.resolve(import.meta.dirname, '../..');
const text = (file: string) => readFileSync(path.join(root, file), 'utf8');
const flags = () => {
  const commander = new Commander('check');
  check.declare(commander);
  return commander.options.map(({ long }) => long);
};

describe('the action', () => {
  const { inputs, runs } = parse(text('action.yml'));
  const [step] = runs.steps;
  let folder: string;
  let outside: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'lockstep-action-'));
    outside = mkdtempSync(path.join(tmpdir(), 'lockstep-action-'));
    writeFileSync(path.join(folder, 'npx'), '#!/bin/sh\nprintf "%s\\0" "$@"\n');
    chmodSync(path.join(folder, 'npx'), 0o755);
  });
  afterAll(() => {
    for (const each of [folder, outside]) rmSync(each, { recursive: true, force: true });
  });

  /** The words that npx gets, by the shell line of the action. */
  function run(given: Readonly<Record<string, string>>) {
    const defaults = Object.entries(inputs as Record<string, { default: string }>).map(([name, input]) => [
      name,
      input.default,
    ]);
    const all: Record<string, string> = { ...Object.fromEntries(defaults), ...given };
    const env = Object.fromEntries(Object.entries(all).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
    // as the runner does it: the text in a file of its own
    writeFileSync(path.join(outside, 'step.sh'), step.run);
    const line = ['--noprofile', '--norc', '-eo', 'pipefail', path.join(outside, 'step.sh')];
    const { status, stdout, stderr } = spawnSync('bash', line, {
      cwd: folder,
      env: {
        PATH: `${folder}:${path.dirname(process.execPath)}:${process.env.PATH}`,
        LOCKSTEP_STATE_DIR: outside,
        ...env,
      },
      encoding: 'utf8',
    });
    return { status, words: stdout.split('\0').slice(0, -1), stdout, stderr };
  }

  it('hands every input to the line as a variable, and none into its text', () => {
    expect(runs.using).toBe('composite');
    expect(step.run).not.toContain('${{');
    expect(step.run).not.toMatch(/\beval\b/);
    const handed = Object.values(step.env as Record<string, string>);
    expect(handed.sort()).toEqual(
      Object.keys(inputs)
        .map((name) => `\${{ inputs.${name} }}`)
        .sort(),
    );
  });

  it('asks for what was given', () => {
    expect(
      run({ target: 'staging', wait: '60s', strict: 'true', checks: 'token ws\nsession/login', version: '0.1.0' })
        .words,
    ).toEqual([
      '--yes',
      '--package',
      'lockstep@0.1.0',
      '--',
      'lockstep',
      'check',
      '--target=staging',
      '--wait=60s',
      '--strict',
      '--report=junit=lockstep-reports/junit.xml',
      '--report=html=lockstep-reports/check.html',
      '--report=json=lockstep-reports/check.json',
      '--',
      'token',
      'ws',
      'session/login',
    ]);
  });

  it.each([
    '$(touch pwned)',
    '`touch pwned`',
    '"; touch pwned; "',
    "'; touch pwned #",
    '\n touch pwned',
    '--json',
    '*',
    `$\{IFS}`,
    '%0A::set-output',
  ])('takes %j as one word', (evil) => {
    const all = { target: evil, auth: evil, api: evil, config: evil, wait: evil, strict: evil, reports: evil };
    const { words, status } = run({ ...all, checks: 'token' });
    expect(status).toBe(0);
    for (const name of ['target', 'auth', 'api', 'config', 'wait']) expect(words).toContain(`--${name}=${evil}`);
    expect(words).not.toContain('--strict');
    expect(words).toContain(`--report=junit=${evil}/junit.xml`);
    expect(words.slice(-2)).toEqual(['--', 'token']);
    // words of their own, none of which is a flag
    const asked = run({ checks: evil, reports: '' }).words;
    expect(asked.slice(asked.indexOf('check') + 1).join(' ')).toBe(`-- ${evil.trim()}`);
    expect(readdirSync(folder)).toEqual(['npx']);
  });

  it.each(['1 --package evil', '../evil', '$(touch pwned)', '1;touch pwned', 'a\nb', '@evil/lockstep'])(
    'takes no version that is none: %j',
    (version) => {
      expect(run({ version })).toMatchObject({ status: 2, words: [] });
      expect(readdirSync(folder)).toEqual(['npx']);
    },
  );

  it('runs lockstep itself: its exit code is that of the step, and the reports are there', () => {
    const stub = readFileSync(path.join(folder, 'npx'));
    const whole = `#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift 2\nexec '${process.execPath}' '${bin}' "$@"\n`;
    try {
      writeFileSync(path.join(folder, 'npx'), whole);
      const at = { auth: 'http://127.0.0.1:1', api: 'http://127.0.0.1:1' };
      const ran = run({ ...at, checks: 'session/login', reports: 'of $(touch pwned) this' });
      expect(ran.status, ran.stderr).toBe(3);
      expect(ran.stdout).toContain('session/login');
      const made = path.join(folder, 'of $(touch pwned) this');
      expect(readdirSync(made).sort()).toEqual(['check.html', 'check.json', 'junit.xml']);
      rmSync(made, { recursive: true });
      expect(run({ ...at, checks: '--version' }).status).toBe(3);
      expect(run({ target: 'nowhere', reports: '' }).status).toBe(2);
      expect(readdirSync(folder).filter((name) => name !== 'lockstep-reports')).toEqual(['npx']);
    } finally {
      rmSync(path.join(folder, 'lockstep-reports'), { recursive: true, force: true });
      writeFileSync(path.join(folder, 'npx'), stub);
    }
  });
});

describe('the examples', () => {
  it('of GitLab asks with flags that are there', () => {
    const { lockstep } = parse(text('docs/examples/gitlab-ci.yml'));
    const [line] = lockstep.script as string[];
    const asked = (line as string).split(' ').filter((word) => word.startsWith('--'));
    expect(asked.length).toBeGreaterThan(2);
    expect(asked.filter((flag) => !flags().includes(flag))).toEqual([]);
    expect(line).toContain(`junit=${lockstep.artifacts.reports.junit}`);
  });

  it('of Kubernetes runs without rights, once, and asks with flags that are there', () => {
    const { kind, spec } = parse(text('docs/examples/cronjob.yaml'));
    expect(kind).toBe('CronJob');
    expect(spec.concurrencyPolicy).toBe('Forbid');
    const pod = spec.jobTemplate.spec.template.spec;
    expect(pod.securityContext.runAsNonRoot).toBe(true);
    const [container] = pod.containers;
    expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
    const [command, ...asked] = container.args as string[];
    expect(command).toBe('check');
    expect(asked.filter((word) => !flags().includes(word.split('=')[0]))).toEqual([]);
    const variables = container.env as { name: string; value?: string }[];
    expect(variables.filter(({ name, value }) => /PASSWORD/.test(name) && value !== undefined)).toEqual([]);
  });

  it('of Docker copies what is there, and runs as nobody special', () => {
    const lines = text('docs/examples/Dockerfile').split('\n');
    expect(lines.filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
    expect(lines.filter((line) => line.startsWith('ENTRYPOINT'))).toEqual([
      'ENTRYPOINT ["node", "/app/bin/lockstep.js"]',
    ]);
    const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
    const copied = last.flatMap((line) => [...line.matchAll(/\/app\/([\w.]+)/g)].map(([, name]) => name));
    for (const needed of ['package.json', 'schema.json', 'bin', 'dist', 'node_modules'])
      expect(copied).toContain(needed);
  });
});
