import type { Flags } from '../../config/target.js';
import type { Target } from '../../core/target.js';
import type { World } from '../../world.js';
import type { Options } from './options.js';

const naming = ['auth', 'api', 'target', 'userA', 'userB', 'me', 'tokenRoute', 'trust'] as const;

export interface Deployment {
  readonly target: Target;
  /** variables that should hold a password and are not set: that user cannot sign in, and all else can be seen */
  readonly lacking: readonly string[];
}

/**
 * The deployment that flags, variables or a lockstep.json name; null where none does. A lockstep.json that has only
 * services names none.
 */
export async function findDeployment(options: Options, world: World): Promise<Deployment | null> {
  const text = (await configText(options, world)) ?? '';
  const said = naming.some((name) => options[name] !== undefined);
  const variables = ['LOCKSTEP_TARGET', 'LOCKSTEP_AUTH', 'LOCKSTEP_API'].some((name) => world.env[name]);
  // most files without targets have no such word; the parser judges the others
  if (!said && !variables && !/"targets"/.test(text)) return null;
  const { resolveTarget } = await import('../../config/target.js');
  const { target: name, config, auth, api, userA, userB, me, tokenRoute, trust, caFile } = options;
  const flags: Flags = { target: name, config, auth, api, userA, userB, me, tokenRoute, trust, caFile };
  const lacking = [...text.matchAll(/"password"\s*:\s*"env:(\w+)"/g)].map(([, variable = '']) => variable);
  const unset = [...new Set(lacking)].filter((variable) => !world.env[variable]);
  const env = { ...world.env, ...Object.fromEntries(unset.map((variable) => [variable, nobody])) };
  const target = await resolveTarget(flags, { ...world, env });
  const known = (user: Target['users']['a']) => (user?.password.reveal() === nobody ? null : user);
  const users = { a: known(target.users.a), b: known(target.users.b) };
  return { target: { ...target, users }, lacking: unset };
}

/** Stands for a password that is not there while the rest of the target is read. */
const nobody = 'no-password-of-anybody';

async function configText({ config }: Options, world: World): Promise<string | null> {
  const { findConfig } = await import('../../config/load.js');
  return (await findConfig(world, config ?? (world.env.LOCKSTEP_CONFIG || undefined)))?.text ?? null;
}
