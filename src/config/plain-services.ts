import type { LoaderName } from '../env-file/loader.js';
import { loaderNames } from '../env-file/loader.js';

export interface PlainService {
  readonly dir: string;
  readonly loader?: LoaderName;
  readonly env?: string;
  readonly names?: { readonly secret?: string; readonly database?: string };
}

export type PlainServices = Readonly<Partial<Record<'frontend' | 'backend', PlainService>>>;

/**
 * The services of a lockstep.json that is plain JSON, for a command that needs nothing else of it and starts in a
 * hurry. Null where anything about it is not plain: then the parser with all its judgement is to be asked.
 */
export function plainServices(text: string): PlainServices | null {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(file)) return null;
  const services = file.services ?? {};
  if (!isRecord(services) || !only(services, ['frontend', 'backend'])) return null;
  return Object.values(services).every(isService) ? services : null;
}

function isService(value: unknown): value is PlainService {
  if (!isRecord(value) || !only(value, ['dir', 'loader', 'env', 'names', 'driver'])) return false;
  const { dir, loader, env, names = {} } = value;
  if (!isText(dir) || (env !== undefined && !isText(env))) return false;
  if (loader !== undefined && !loaderNames.some((name) => name === loader)) return false;
  return isRecord(names) && only(names, ['secret', 'database']) && Object.values(names).every(isVariable);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function only(value: object, keys: readonly string[]): boolean {
  return Object.keys(value).every((key) => keys.includes(key));
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && /\S/.test(value);
}

function isVariable(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(value);
}
