import { type ExecFileOptions, execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { LoaderName } from '../../../src/env-file/loader.js';
import { named } from '../corpus.js';
import { askDocker } from './docker.js';
import { askSystemd } from './systemd.js';

/** What a real loader made of a file: names and values, or null where it refused it. */
export type Answer = Readonly<Record<string, string>> | null;

/** A real loader of this machine. `cases` are texts of the corpus; the answers' names have the corpus's letters. */
export interface Real {
  readonly release: string;
  ask(cases: readonly string[], environment: Readonly<Record<string, string>>): Promise<(Answer | undefined)[]>;
}

/** A loader that never ends on some text must not outlive the test. */
const run = (command: string, args: readonly string[], options: Pick<ExecFileOptions, 'env' | 'maxBuffer' | 'cwd'>) =>
  promisify(execFile)(command, [...args], { ...options, encoding: 'utf8', timeout: 120_000, killSignal: 'SIGKILL' });
const here = fileURLToPath(new URL('.', import.meta.url));
const maxBuffer = 256 * 1024 * 1024;

/** Whether the real loader runs in the Node that runs the tests. */
export const ofThisNode = (name: LoaderName): boolean =>
  ['next', 'vite', 'dotenv', 'dotenv-expand', 'node'].includes(name);

/** The real loader, or the reason why this machine has none. `undefined` answers: it cannot be asked that. */
export function realLoader(name: LoaderName): Real | string {
  switch (name) {
    case 'next':
    case 'vite':
    case 'dotenv':
    case 'dotenv-expand':
    case 'node':
      return javascript(name);
    case 'bash': {
      const release = output('bash', ['--version'])?.split('\n')[0];
      return release === undefined ? 'bash is not installed' : { release, ask: askBash };
    }
    case 'python-dotenv':
    case 'pydantic-settings':
    case 'starlette': {
      const python = pythonWith(name);
      return python ?? `no python3 here can import ${name}`;
    }
    case 'docker': {
      const release = output('docker', ['--version']);
      return release === null ? 'the docker client is not installed' : { release: release.trim(), ask: askDocker };
    }
    case 'systemd': {
      const release = output('systemctl', ['--version'])?.split('\n')[0];
      return release === undefined ? 'systemd is not installed' : { release, ask: askSystemd };
    }
    case 'compose':
      return 'Compose 2 is in no registry that this machine reaches';
  }
}

/** LOCKSTEP_NODE: another Node than the one that runs the tests. */
function javascript(name: LoaderName): Real {
  const node = process.env.LOCKSTEP_NODE ?? process.execPath;
  return {
    release: `${name}, Node ${output(node, ['--version'])?.trim()}`,
    ask: scripted(node, 'javascript.mjs', name),
  };
}

function output(command: string, args: readonly string[]): string | null {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return null;
  }
}

/** Debian's python3 before any other, since that is where python3-dotenv lands; LOCKSTEP_PYTHON before both. */
function pythonWith(name: 'python-dotenv' | 'pydantic-settings' | 'starlette'): Real | null {
  const modules = {
    'python-dotenv': 'dotenv',
    'pydantic-settings': 'pydantic_settings',
    starlette: 'starlette.config',
  };
  const version = name === 'python-dotenv' ? 'python_dotenv' : name.replace('-', '_');
  const script = `import sys, ${modules[name]}; from importlib.metadata import version; print(sys.executable, version("${version}"), version("${name === 'starlette' ? version : 'python_dotenv'}"))`;
  for (const python of [process.env.LOCKSTEP_PYTHON, '/usr/bin/python3', 'python3']) {
    const found = python === undefined ? null : output(python, ['-c', script]);
    if (found !== null) {
      // a shim would not find its way without PATH
      const [executable = '', own = '', dotenv = ''] = found.trim().split(' ');
      const release = `${name} ${own}${name === 'pydantic-settings' ? ` on python-dotenv ${dotenv}` : ''}`;
      return { release, ask: scripted(executable, 'python.py', name) };
    }
  }
  return null;
}

function scripted(command: string, script: string, loader: string): Real['ask'] {
  return (cases, environment) =>
    inFolder(cases, async (folder) => {
      const args = [join(here, script), loader, folder, String(cases.length), JSON.stringify(environment)];
      // no PATH: what a loader would run, it does not find
      const { stdout } = await run(command, args, { maxBuffer, env: { LANG: 'C.UTF-8', ...environment } });
      return (JSON.parse(stdout) as Answer[]).map((answer) => beyond(answer, environment));
    });
}

const askBash: Real['ask'] = (cases, environment) =>
  inFolder(cases, async (folder) => {
    const args = ['--norc', join(here, 'bash.sh'), folder, String(cases.length)];
    const { stdout } = await run('bash', args, {
      maxBuffer,
      env: { LC_ALL: 'C.UTF-8', ...environment },
    });
    const answers: Record<string, string>[] = [];
    let answer: Record<string, string> = {};
    const fields = stdout.split('\0');
    for (let i = 0; i < fields.length - 1; ) {
      if (fields[i] === '') {
        answers.push(answer);
        answer = {};
        i += 1;
      } else {
        answer[fields[i] as string] = fields[i + 1] as string;
        i += 2;
      }
    }
    if (answers.length !== cases.length) throw new Error(`bash read ${answers.length} of ${cases.length} files`);
    return answers.map((each) => beyond(each, environment));
  });

/** Without what was in the environment before, unless it has changed. */
function beyond(answer: Answer, environment: Readonly<Record<string, string>>): Answer {
  if (answer === null) return null;
  return Object.fromEntries(
    Object.entries(answer).filter(([name, value]) => environment[name] !== value && name !== 'LANG'),
  );
}

async function inFolder<T>(cases: readonly string[], work: (folder: string) => Promise<T>): Promise<T> {
  // thousands of small files: a promise for each costs four times what writing it does
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-loaders-'));
  try {
    for (const [i, text] of cases.entries()) writeFileSync(join(folder, `${i}.env`), named(text));
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
