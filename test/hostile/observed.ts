import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether this machine lets a test see what a process and its children do. */
export const hasStrace = spawnSync('strace', ['-f', '-qq', '-o', '/dev/null', 'true']).status === 0;

/** All that a program let out. */
export interface Observed {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** what was written into each file, also into those that were gone before the end */
  readonly files: ReadonlyMap<string, string>;
  /** what each process was started with; the first one is the program itself */
  readonly started: readonly Started[];
}

interface Started {
  readonly argv: readonly string[];
  readonly env: readonly string[];
}

/**
 * Runs a program under strace, which sees every byte that it and its children write into files, and the arguments and the
 * environment of every process that they start: nothing of it is too short-lived to be seen.
 */
export async function observed(
  command: readonly string[],
  {
    env,
    cwd,
    input = '',
  }: { readonly env: Readonly<Record<string, string>>; readonly cwd: string; readonly input?: string },
): Promise<Observed> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-observed-'));
  const log = join(folder, 'log');
  const calls = 'trace=execve,execveat,write,pwrite64,writev,pwritev,pwritev2';
  const flags = ['-f', '--seccomp-bpf', '-qq', '-y', '-xx', '-v', '-s', '9999999', '-e', 'signal=none', '-e', calls];
  try {
    const child = spawn('strace', [...flags, '-o', log, ...command], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const said = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, ...said, ...read(readFileSync(log, 'latin1')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(log: string): Pick<Observed, 'files' | 'started'> {
  const written = new Map<string, Buffer[]>();
  const started: Started[] = [];
  for (const line of log.split('\n')) {
    const [, call = '', descriptor = ''] = /^\d+\s+(\w+)\((?:\d+<((?:\\x..)*)>)?/.exec(line) ?? [];
    if (call.startsWith('execve')) {
      // path, arguments, environment; one that failed is one that was looked for in another folder of PATH
      const [, argv = '', env = ''] = /\[([^\]]*)\], \[([^\]]*)\]/.exec(line) ?? [];
      if (!/ = -1 /.test(line)) started.push({ argv: texts(argv).map(String), env: texts(env).map(String) });
    } else if (call !== '') {
      const file = bytesOf(descriptor).toString();
      if (file.startsWith('/') && !file.startsWith('/dev/'))
        written.set(file, [...(written.get(file) ?? []), ...texts(line)]);
    }
  }
  return { started, files: new Map([...written].map(([file, parts]) => [file, Buffer.concat(parts).toString()])) };
}

function texts(list: string): Buffer[] {
  return [...list.matchAll(/"((?:\\x..)*)"/g)].map(([, text = '']) => bytesOf(text));
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex');
}

/** Every file below a folder, by its path from there, with its text and who may read it. */
export function filesBelow(folder: string): { readonly name: string; readonly text: string; readonly mode: number }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return {
        name: path.slice(folder.length + 1),
        text: readFileSync(path, 'utf8'),
        mode: statSync(path).mode & 0o777,
      };
    });
}
