import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import { bareEnvironment } from './environment.js';
import type { Layout } from './layout.js';
import type { Planted } from './planted.js';
import { paceVariable } from './protocol.js';

/** A fresh work folder that only its owner can enter (0700). */
export function makeFolder(): string {
  const place = tmpdir();
  try {
    return mkdtempSync(join(place, 'lockstep-demo-'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new LockstepError('demo-not-started', `the demo cannot make a folder for its files in ${place} (${code})`, {
      exit: Exit.unfinished,
      hint: 'TMPDIR names another place',
    });
  }
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** What the two halves are told, besides the secret that they share. */
interface Addresses {
  readonly databaseUrl: string;
  /** the origin of the page and of Better Auth */
  readonly auth: string;
  readonly api: string;
  /** Better Auth's routes by a name that only servers know; null where the public one will do */
  readonly internal: string | null;
}

/**
 * Writes `frontend/.env.local` and `backend/.env` (0600) with one fresh secret in hex, the form that every loader reads
 * alike. Faults of files are lines here.
 */
export function writeEnvFiles(folder: string, addresses: Addresses, planted: Planted): void {
  const { databaseUrl, auth, api, internal } = addresses;
  const secret = secretFor(planted);
  const url = plain(databaseUrl);
  write(join(folder, 'frontend'), '.env.local', {
    ...(planted('F197') ? { 'BETTER_AUTH_SECRET ': freshSecret() } : {}),
    DATABASE_URL: url,
    BETTER_AUTH_SECRET: secret,
    BETTER_AUTH_URL: auth,
    NEXT_PUBLIC_API_URL: api,
    NEXT_PUBLIC_BETTER_AUTH_URL: auth,
  });
  if (planted('F077')) writeFileSync(join(folder, 'frontend', '.env.example'), `BETTER_AUTH_SECRET=${exampleSecret}\n`);
  write(join(folder, 'backend'), '.env', {
    DATABASE_URL: url,
    ...backendSecret(secret, planted),
    BETTER_AUTH_URL: planted('F186') ? 'http://localhost:3000' : auth,
    ENVIRONMENT: 'development',
    CORS_ORIGINS: JSON.stringify([auth]),
    ...(internal === null ? {} : { AUTH_INTERNAL_URL: internal }),
  });
  if (planted('F209')) writeFileSync(join(folder, 'backend', '.env.staging'), `BETTER_AUTH_SECRET=${ofStaging}\n`);
  if (planted('F215')) commit(folder);
  if (planted('F216')) chmodSync(join(folder, 'frontend', '.env.local'), 0o644);
}

function secretFor(planted: Planted): string {
  if (planted('F077')) return exampleSecret;
  if (planted('F207')) return `'${withHash}'`;
  if (planted('F195')) return quoted;
  if (planted('F194')) return 'k9$dolphin4Tqz7mWp2xLs8vRb3nYc6hJd1f';
  return freshSecret();
}

/** The backend's name for the secret, and what stands under it. */
function backendSecret(secret: string, planted: Planted): Readonly<Record<string, string>> {
  if (planted('F201') || planted('H06')) return { BETTER_AUTH_SECRET: freshSecret() };
  if (planted('F203')) return { BETTER_AUTH_SECRET: Buffer.from(secret).toString('base64url') };
  if (planted('F204')) return { JWT_SECRET: secret };
  if (planted('F195')) return { BETTER_AUTH_SECRET: quoted };
  return { BETTER_AUTH_SECRET: secret };
}

/** A secret that a shell, or an unquoted line, cuts in the middle. */
const withHash = 'b7Kq2mXw9Lr4#Tz8vNc3pYs6hJd1fGa5eRu0iOx';
/** A secret as people write it who know shells. */
const quoted = '"m4Xq9Lr7Tz2vNc8pYs5hJd3fGa6eRu1iOxKb0Wt"';
const ofStaging = 'staging-4Tqz7mWp2xLs8vRb3nYc6hJd1fK9dQw5';

/** The whole folder as a repository in which somebody ran `git add -A`. */
function commit(folder: string): void {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, ...args], { stdio: 'ignore', env: bareEnvironment() });
  git('init', '--quiet');
  git('add', '--all');
}

/** What somebody exported in the shell that a process is started from. Faults of processes are lines here. */
export function exported(process: string, layout: Layout, planted: Planted): Readonly<Record<string, string>> {
  const { production, pace } = layout;
  if (process.startsWith('api'))
    return {
      ...(pace === null ? {} : { [paceVariable]: String(pace) }),
      ...(planted('F209') ? { BETTER_AUTH_SECRET: ofStaging } : {}),
      ...(planted('F195') ? { BETTER_AUTH_SECRET: quoted } : {}),
    };
  if (!process.startsWith('auth')) return {};
  return {
    ...(production ? { NODE_ENV: 'production' } : {}),
    ...(planted('F206') ? { BETTER_AUTH_SECRET: freshSecret() } : {}),
    ...(planted('F207') ? { BETTER_AUTH_SECRET: withHash.slice(0, withHash.indexOf('#')) } : {}),
  };
}

/** What happens to the files of a deployment that runs already. */
export function changeFiles(folder: string, planted: Planted): void {
  const file = join(folder, 'frontend', '.env.local');
  const renewed = () =>
    readFileSync(file, 'utf8').replace(/^BETTER_AUTH_SECRET=.*$/m, `BETTER_AUTH_SECRET=${freshSecret()}`);
  if (planted('F213')) writeFileSync(file, renewed());
}

/** Writes `lockstep.json` and returns its path. */
export function writeSettings(folder: string, config: object): string {
  const path = join(folder, 'lockstep.json');
  writeFileSync(path, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return path;
}

function write(folder: string, name: string, values: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { mode: 0o700 });
  const lines = Object.entries(values).map(([key, value]) => `${key}=${value}\n`);
  writeFileSync(join(folder, name), lines.join(''), { mode: 0o600, flag: 'wx' });
}

/** What the example of the env file says, for somebody to replace. */
const exampleSecret = 'replace-this-with-32-random-bytes-of-your-own';

function freshSecret(): string {
  return randomBytes(32).toString('hex');
}

/** A URL without any character that a loader of env files takes for its own: `$`, `#`, quotes, backslashes, spaces. */
function plain(url: string): string {
  return url.replaceAll(/[^\w:/?&=%.,@~+[\]-]/g, encodeURIComponent);
}
