import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Planted } from './planted.js';

/** A fresh work folder that only its owner can enter (0700). */
export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'lockstep-demo-'));
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
  const secret = planted('F077') ? exampleSecret : freshSecret();
  const url = plain(databaseUrl);
  write(join(folder, 'frontend'), '.env.local', {
    DATABASE_URL: url,
    BETTER_AUTH_SECRET: secret,
    BETTER_AUTH_URL: auth,
    NEXT_PUBLIC_API_URL: api,
    NEXT_PUBLIC_BETTER_AUTH_URL: auth,
  });
  if (planted('F077')) writeFileSync(join(folder, 'frontend', '.env.example'), `BETTER_AUTH_SECRET=${exampleSecret}\n`);
  write(join(folder, 'backend'), '.env', {
    DATABASE_URL: url,
    BETTER_AUTH_SECRET: planted('F201') || planted('H06') ? freshSecret() : secret,
    BETTER_AUTH_URL: auth,
    ENVIRONMENT: 'development',
    CORS_ORIGINS: JSON.stringify([auth]),
    ...(internal === null ? {} : { AUTH_INTERNAL_URL: internal }),
  });
}

/** What somebody exported in the shell that a process is started from. Faults of processes are lines here. */
export function exported(process: string, production: boolean, planted: Planted): Readonly<Record<string, string>> {
  if (!process.startsWith('auth')) return {};
  return {
    ...(production ? { NODE_ENV: 'production' } : {}),
    ...(planted('F206') ? { BETTER_AUTH_SECRET: freshSecret() } : {}),
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
