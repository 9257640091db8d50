import type { ExecFileSyncOptionsWithBufferEncoding } from 'node:child_process';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { LoaderName } from '../../src/env-file/loader.js';
import { loaderFor, newest } from '../../src/env-file/loader.js';

type Env = Readonly<Record<string, string>>;

/**
 * What a process is started with when something real reads its env file: bash, python-dotenv, node and dotenv
 * themselves. Docker is not there to be asked; its reader is the model that was measured against it.
 */
export function readBy(loader: LoaderName, file: string): Env {
  switch (loader) {
    case 'bash':
      return fromNulls(execFileSync('bash', ['--norc', '-c', 'set -a; . "$1"; env -0', 'bash', file], quiet()));
    case 'python-dotenv':
      return fromNulls(execFileSync('python3', ['-c', python, file], quiet()));
    case 'node':
      return fromNulls(execFileSync(process.execPath, [`--env-file=${file}`, '-e', print], quiet()));
    case 'dotenv':
      return fromNulls(execFileSync(process.execPath, ['-e', dotenv, file], { ...quiet(), cwd: root }));
    default: {
      const text = readFileSync(file, 'utf8');
      const kept = { ...newest, docker: 'kept' } as const;
      const { settings } = loaderFor(loader, kept).load([{ path: file, text, invalidAt: null }], {});
      const read = [...settings.values()].map(({ name, value }) => [name, value?.reveal() ?? '']);
      return Object.fromEntries(read);
    }
  }
}

const root = path.resolve(import.meta.dirname, '../..');
const print =
  'for (const pair of Object.entries(process.env)) process.stdout.write(pair.join("=") + String.fromCharCode(0));';
const dotenv = `require('dotenv').config({ path: process.argv[1], quiet: true }); ${print}`;
const python = `
import os, sys
from dotenv import load_dotenv
load_dotenv(sys.argv[1])
sys.stdout.buffer.write(b"".join(k + b"=" + v + b"\\0" for k, v in os.environb.items()))
`;

/** False where this machine lacks it: then what needs it is skipped. */
export function hasPythonDotenv(): boolean {
  return spawnSync('python3', ['-c', 'import dotenv'], { stdio: 'ignore' }).status === 0;
}

function quiet(): ExecFileSyncOptionsWithBufferEncoding {
  return { env: { PATH: process.env.PATH ?? '' }, stdio: ['ignore', 'pipe', 'ignore'] };
}

function fromNulls(bytes: Buffer): Env {
  const pairs = bytes
    .toString('utf8')
    .split('\0')
    .filter((entry) => entry.includes('='));
  const split = pairs.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]);
  return Object.fromEntries(
    split.filter(([name]) => !['PATH', '_', 'PWD', 'SHLVL', 'OLDPWD', 'LC_CTYPE'].includes(name ?? '')),
  );
}
