import type { Target } from '../core/target.js';
import type { World } from '../world.js';
import type { Reach } from './load.js';
import { loadConfig } from './load.js';
import type { Settings } from './settle.js';
import { settle } from './settle.js';
import type { Flags } from './sources.js';
import { given } from './sources.js';

export type { Settings } from './settle.js';
export type { Flags } from './sources.js';

/** The target that flags, LOCKSTEP_* variables and lockstep.json describe together. Throws every mistake at once. */
export async function resolveTarget(flags: Flags, world: Reach & Pick<World, 'env'>): Promise<Target> {
  return (await resolveSettings(flags, world)).target;
}

/** As `resolveTarget`, with where each setting was written. */
export async function resolveSettings(flags: Flags, world: Reach & Pick<World, 'env'>): Promise<Settings> {
  const named = given('config', flags, world.env);
  return settle(await loadConfig(world, named?.value), flags, world.env);
}
