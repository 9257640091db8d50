import type { Flags } from '../../config/target.js';
import type { Target } from '../../core/target.js';
import type { World } from '../../world.js';
import type { Options } from './options.js';

const naming = ['auth', 'api', 'target', 'userA', 'userB', 'me', 'tokenRoute', 'trust'] as const;

/**
 * The deployment that flags, variables or a lockstep.json name; null where none does. A lockstep.json that has only
 * services names none.
 */
export async function findDeployment(options: Options, world: World): Promise<Target | null> {
  const said = naming.some((name) => options[name] !== undefined);
  const variables = ['LOCKSTEP_TARGET', 'LOCKSTEP_AUTH', 'LOCKSTEP_API'].some((name) => world.env[name]);
  if (!said && !variables && !(await hasTargets(options, world))) return null;
  const { resolveTarget } = await import('../../config/target.js');
  const { target, config, auth, api, userA, userB, me, tokenRoute, trust } = options;
  const flags: Flags = { target, config, auth, api, userA, userB, me, tokenRoute, trust };
  return resolveTarget(flags, world);
}

async function hasTargets({ config }: Options, world: World): Promise<boolean> {
  const { findConfig } = await import('../../config/load.js');
  const source = await findConfig(world, config ?? (world.env.LOCKSTEP_CONFIG || undefined));
  // most files without one have no such word; the parser judges the others
  return source !== null && /"targets"/.test(source.text);
}
