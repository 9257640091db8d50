import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checks } from 'virtual:checks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/main/commands.js';
import { main } from '../../src/main.js';
import { bin } from '../support/bin.js';
import { fakeWorld } from '../support/fake-world.js';
import { hasTerminal, Terminal } from '../support/terminal.js';

const config =
  '{ "targets": { "local": { "auth": "http://localhost:3000" }, "staging": { "auth": "https://example.test" } } }';

async function offered(...words: string[]): Promise<string[]> {
  const world = fakeWorld({ files: { '/project/lockstep.json': config } });
  expect(await main(['completion', '--candidates', '--', ...words], world)).toBe(0);
  return world
    .out()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t')[0] as string);
}

describe('what is offered', () => {
  it.each([
    { words: ['en'], found: ['env'] },
    { words: ['migrate', 'd'], found: ['drift', 'down'] },
    { words: ['env', 'check', '--fi'], found: ['--fix'] },
    { words: ['check', '--target', ''], found: ['local', 'staging'] },
    { words: ['check', '--target', 's'], found: ['staging'] },
    { words: ['env', 'check', '--frontend-loader', 'vi'], found: ['vite'] },
    { words: ['check', '--auth', ''], found: [] },
    { words: ['help', 'exit'], found: ['exit-codes'] },
    { words: ['help', 'env', ''], found: ['check'] },
    { words: ['completion', 'f'], found: ['fish'] },
    { words: ['explain', 'env/secret.diff'], found: ['env/secret.differs'] },
    { words: ['nope', ''], found: [] },
    { words: ['secret', '--format', 'hex', '--'], found: ['--help'] },
  ])('after lockstep $words: $found', async ({ words, found }) => {
    expect(await offered(...words)).toEqual(found);
  });

  it('is every command, every check and every group', async () => {
    expect(await offered('')).toEqual(expect.arrayContaining([...commands.map(({ name }) => name), 'help']));
    expect(await offered('check', '')).toEqual(expect.arrayContaining(['ws', ...checks.map(({ id }) => id)]));
    expect(await offered('check', '--only', 'ws/')).toEqual(
      checks.map(({ id }) => id).filter((id) => id.startsWith('ws/')),
    );
  });

  it('says which shells there are', async () => {
    const world = fakeWorld();
    expect(await main(['completion', 'zhs'], world)).toBe(2);
    expect(world.err()).toContain('Did you mean zsh?');
    expect(await main(['completion'], fakeWorld())).toBe(2);
  });
});

const has = (shell: string) => spawnSync(shell, ['--version']).status === 0;

describe('in the real shells', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'lockstep-completion-'));
    symlinkSync(bin, path.join(folder, 'lockstep'));
    writeFileSync(path.join(folder, 'lockstep.json'), config);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const surroundings = () => ({
    PATH: `${folder}:${path.dirname(process.execPath)}:${process.env.PATH}`,
    // fish has files in /tmp otherwise
    XDG_RUNTIME_DIR: folder,
  });

  /** What a shell says, one candidate a line. */
  function ask(shell: string, args: readonly string[]): string[] {
    const env = { ...surroundings(), HOME: folder };
    const { stdout, stderr } = spawnSync(shell, args, { cwd: folder, env, encoding: 'utf8' });
    expect(stderr).toBe('');
    return stdout.split('\n').filter((line) => line !== '');
  }

  it.skipIf(!has('bash'))('bash completes commands and targets', () => {
    const script = `source <(lockstep completion bash)
      complete -p lockstep
      COMP_WORDS=(lockstep check --target ""); COMP_CWORD=3; _lockstep; printf '%s\\n' "\${COMPREPLY[@]}"
      COMP_WORDS=(lockstep mig); COMP_CWORD=1; _lockstep; printf '%s\\n' "\${COMPREPLY[@]}"`;
    expect(ask('bash', ['--norc', '--noprofile', '-c', script])).toEqual([
      'complete -o default -F _lockstep lockstep',
      'local',
      'staging',
      'migrate',
    ]);
  });

  it.skipIf(!has('zsh'))('zsh completes with descriptions, and leaves files to itself', () => {
    const script = `compdef() { print "compdef $*" }
      _describe() { print -rl -- "\${(@P)2}" }
      _files() { print files }
      source <(lockstep completion zsh)
      words=(lockstep check --target ""); CURRENT=4; _lockstep
      words=(lockstep check --config ""); CURRENT=4; _lockstep`;
    expect(ask('zsh', ['-f', '-c', script])).toEqual([
      'compdef _lockstep lockstep',
      'local:target of lockstep.json',
      'staging:target of lockstep.json',
      'files',
    ]);
  });

  it.skipIf(!has('fish'))('fish completes with descriptions', () => {
    const script = `lockstep completion fish | source
      complete -C 'lockstep check --target '
      complete -C 'lockstep env ch'`;
    const [check, ...more] = commands.find(({ name }) => name === 'env')?.verbs ?? [];
    expect(more).toEqual([]);
    expect(ask('fish', ['--no-config', '-c', script])).toEqual([
      'local\ttarget of lockstep.json',
      'staging\ttarget of lockstep.json',
      `check\t${check?.summary}`,
    ]);
  });

  /** What somebody types at the shell, and what stands there after a press of Tab. */
  const begun = [
    ['lockstep mig', 'lockstep migrate'],
    ['lockstep check --target s', 'lockstep check --target staging'],
    ['lockstep explain env/secret.diff', 'lockstep explain env/secret.differs'],
    ['lockstep env check --frontend-loader vi', 'lockstep env check --frontend-loader vite'],
  ] as const;
  const atOnce = 'source <(lockstep completion zsh)';
  const shells = [
    { shell: 'bash', flags: ['--norc', '--noprofile', '-i'], setup: 'source <(lockstep completion bash)' },
    { shell: 'zsh', flags: ['-f', '-i'], setup: `autoload -Uz compinit && compinit -u -D; ${atOnce}` },
    {
      shell: 'zsh',
      flags: ['-f', '-i'],
      how: ' from its fpath',
      setup: 'lockstep completion zsh > _lockstep; fpath=($PWD $fpath); autoload -Uz compinit && compinit -u -D',
    },
    { shell: 'fish', flags: ['--no-config', '-i'], setup: 'lockstep completion fish | source' },
  ];
  for (const { shell, flags, how = '', setup } of shells)
    it.skipIf(!has(shell) || !hasTerminal)(`${shell}${how} completes at a press of Tab`, async () => {
      const env = { ...surroundings(), PS1: '> ' };
      const terminal = new Terminal(flags, folder, env, [shell]);
      try {
        terminal.type(`${setup}; echo "rea""dy"`);
        terminal.press('Enter');
        await terminal.shows('ready');
        for (const [typed, completed] of begun) {
          terminal.type(typed);
          await terminal.shows(typed);
          terminal.press('Tab');
          await terminal.shows(completed);
          // an empty line again; a shell may throw away what is typed right behind Ctrl-C
          terminal.press('C-u');
        }
        // what is offered where several fit
        terminal.type('lockstep check --target ');
        terminal.press('Tab');
        if (shell === 'bash') terminal.press('Tab');
        await terminal.shows(/(local.*staging|staging.*local)/);
        if (shell !== 'bash') await terminal.shows('target of lockstep.json');
      } finally {
        terminal.close();
      }
    });
});
