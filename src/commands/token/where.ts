import type { Command as Commander } from 'commander';
import type { Flags } from '../../config/target.js';
import { usage } from '../../core/errors.js';
import type { Redactor } from '../../core/redact.js';
import { Secret } from '../../core/secret.js';
import type { Target } from '../../core/target.js';
import type { NamedDatabase } from '../../io/jwks-rows.js';
import type { World } from '../../world.js';

/** Which deployment a token command is about. */
export interface WhereOptions extends Pick<Flags, 'target' | 'config' | 'auth' | 'production' | 'caFile'> {
  readonly database?: boolean;
  readonly databaseUrlEnv?: string;
}

export function declareTarget(commander: Commander): Commander {
  return commander
    .option('--auth <url>', 'base URL of Better Auth')
    .option('--target <name>', 'target of lockstep.json')
    .option('--config <file>', 'another lockstep.json');
}

export function declareDatabase(commander: Commander): Commander {
  return commander
    .option('--database', 'use the jwks table of the database (target.database, or DATABASE_URL)')
    .option('--database-url-env <name>', 'the database by the URL in this variable');
}

/** True when the options name a deployment. */
export function namesTarget({ target, config, auth }: WhereOptions, { env }: World): boolean {
  const variable = env.LOCKSTEP_TARGET || env.LOCKSTEP_AUTH || env.LOCKSTEP_CONFIG;
  return target !== undefined || config !== undefined || auth !== undefined || Boolean(variable);
}

/** The deployment; null where neither options, environment nor a lockstep.json describe one. */
export async function findTarget(options: WhereOptions, world: World): Promise<Target | null> {
  const { findConfig } = await import('../../config/load.js');
  if (!namesTarget(options, world) && (await findConfig(world)) === null) return null;
  const { resolveTarget } = await import('../../config/target.js');
  const { target, config, auth, production, caFile } = options;
  return resolveTarget({ target, config, auth, production, caFile }, world);
}

/** The database that the options, the target or DATABASE_URL name. */
export function databaseOf(
  options: WhereOptions,
  target: Target | null,
  world: World,
  redactor: Redactor,
): NamedDatabase {
  const name = options.databaseUrlEnv ?? 'DATABASE_URL';
  const said = world.env[name];
  if (options.databaseUrlEnv !== undefined && !said)
    throw usage(`--database-url-env ${name}: that variable is not set`);
  const declared = options.databaseUrlEnv === undefined ? (target?.database ?? null) : null;
  const url = declared ?? (said ? new Secret(said) : null);
  if (url === null)
    throw usage('no database is named', 'set DATABASE_URL, or "database" of the target in lockstep.json');
  redactor.learn(url.reveal());
  return { url, source: declared === null ? name : 'database of the target' };
}
