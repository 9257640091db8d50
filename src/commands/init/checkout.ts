import { dirname, resolve } from 'node:path';
import { findConfig } from '../../config/load.js';
import { ConfigError } from '../../config/mistake.js';
import type { Config } from '../../config/schema.js';
import type { World } from '../../world.js';

export interface Checkout {
  /** the folder of lockstep.json, there or yet to be made; absolute */
  readonly root: string;
  readonly old: { readonly text: string; readonly config: Config } | null;
}

/** Where lockstep.json is, found upward; else here. A wrong one is told, with all its mistakes. */
export async function openCheckout(world: Pick<World, 'cwd' | 'files'>): Promise<Checkout> {
  const source = await findConfig(world);
  if (source === null) return { root: resolve(world.cwd), old: null };
  const { parseConfig } = await import('../../config/parse.js');
  const { config, mistakes } = parseConfig(source);
  if (config === null) throw new ConfigError(mistakes);
  return { root: dirname(resolve(world.cwd, source.name)), old: { text: source.text, config } };
}
