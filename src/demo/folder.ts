import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
  /** the origin of the auth server */
  readonly auth: string;
  readonly api: string;
}

/**
 * Writes `frontend/.env.local` and `backend/.env` (0600) with one fresh secret in hex, the form that every loader reads
 * alike.
 */
export function writeEnvFiles(folder: string, { databaseUrl, auth, api }: Addresses): void {
  const common = {
    DATABASE_URL: plain(databaseUrl),
    BETTER_AUTH_SECRET: randomBytes(32).toString('hex'),
    BETTER_AUTH_URL: auth,
  };
  write(join(folder, 'frontend'), '.env.local', {
    ...common,
    NEXT_PUBLIC_API_URL: api,
    NEXT_PUBLIC_BETTER_AUTH_URL: auth,
  });
  write(join(folder, 'backend'), '.env', {
    ...common,
    ENVIRONMENT: 'development',
    CORS_ORIGINS: JSON.stringify([auth]),
  });
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

/** A URL without any character that a loader of env files takes for its own: `$`, `#`, quotes, backslashes, spaces. */
function plain(url: string): string {
  return url.replaceAll(/[^\w:/?&=%.,@~+[\]-]/g, encodeURIComponent);
}
