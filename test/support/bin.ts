import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

export const bin = path.resolve(import.meta.dirname, '../../bin/lockstep.js');

/** What runs keep on record lies here and nowhere else; another folder by LOCKSTEP_STATE_DIR. */
const state = path.join(tmpdir(), 'lockstep-state');
afterAll(() => rmSync(state, { recursive: true, force: true }));

export interface BinOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** sent on standard input, which is closed at once otherwise */
  readonly input?: string;
  /** called with all that was printed so far whenever something is printed; may kill */
  readonly onOutput?: (printed: string, kill: (signal: NodeJS.Signals) => void) => void;
}

export interface BinResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built program as a user would: a process of its own, no terminal, only the environment that is given. */
export function lockstep(
  args: readonly string[],
  { env = {}, cwd = '/', input, onOutput }: BinOptions = {},
): Promise<BinResult> {
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    env: { PATH, HOME, LOCKSTEP_STATE_DIR: state, ...(TMPDIR === undefined ? {} : { TMPDIR }), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  let out = '';
  let err = '';
  const heard = () => onOutput?.(out + err, (signal) => child.kill(signal));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    heard();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    heard();
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}
