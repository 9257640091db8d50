import type { LoaderName } from '../env-file/loader.js';
import type { Driver } from './database-url.js';

export type Side = 'frontend' | 'backend';
export const sides: readonly Side[] = ['frontend', 'backend'];

/** One half: where it lives, how it reads its env files, and what it calls what both share. */
export interface Service {
  readonly side: Side;
  /** from the folder of lockstep.json, with slashes; `.` is that folder */
  readonly dir: string;
  readonly loader: LoaderName;
  /** the env file to write, from `dir` */
  readonly env: string;
  readonly names: { readonly secret: string; readonly database: string };
  readonly driver: Driver;
}

/** What is used where neither a flag nor lockstep.json nor the checkout says anything. */
export const usual = {
  names: { secret: 'BETTER_AUTH_SECRET', database: 'DATABASE_URL' },
  env: (loader: LoaderName) => (loader === 'next' || loader === 'vite' ? '.env.local' : '.env'),
} as const;

/** A path from the folder of lockstep.json. */
export function within(dir: string, file: string): string {
  return dir === '.' ? file : `${dir}/${file}`;
}
