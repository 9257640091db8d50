import { resolve } from 'node:path';
import type { Settings } from '../config/target.js';
import { isLoopbackHost } from '../core/host.js';
import type { Material } from '../core/material.js';
import type { Redactor } from '../core/redact.js';
import type { Target } from '../core/target.js';
import type { World } from '../world.js';
import type { SecretOptions } from './token/secret-sources.js';

export interface MaterialOptions extends Pick<SecretOptions, 'secretFile' | 'secretEnv'> {
  readonly config?: string | undefined;
  /** whether the checkout's files are this deployment's; for one on this machine, unless said */
  readonly files?: boolean;
}

/** Files of a checkout say nothing about a deployment elsewhere. */
export function usesFiles({ auth }: Target, { files }: MaterialOptions): boolean {
  return files ?? isLoopbackHost(new URL(auth).hostname);
}

/**
 * What gathers the material when it is first wanted. Where something may be wrong with how it is named it is gathered at once:
 * that is said before anybody is contacted.
 */
export async function findMaterial(
  settings: Pick<Settings, 'target' | 'halves'>,
  options: MaterialOptions,
  world: World,
  redactor: Redactor,
): Promise<() => Promise<Material>> {
  const { target, halves } = settings;
  let gathered: Promise<Material> | undefined;
  const gather = async () => {
    const { gatherMaterial } = await import('./check-gather.js');
    return gatherMaterial(target, options, world, redactor);
  };
  const material = () => {
    gathered ??= gather();
    return gathered;
  };
  const folders = usesFiles(target, options) ? halves : [];
  const there = await Promise.all(folders.map((dir) => world.files.exists(resolve(world.cwd, dir))));
  if (options.secretFile !== undefined || options.secretEnv !== undefined || there.includes(false)) await material();
  return material;
}
