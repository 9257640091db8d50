import { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import type { Command as Commander } from 'commander';
import { usage } from '../core/errors.js';
import type { World } from '../world.js';

/** How a deployment is reached, where that is for the user to say. */
export interface ReachOptions {
  readonly caFile?: string | undefined;
  readonly useProxy?: boolean;
}

export function declareReach(commander: Commander): Commander {
  return commander
    .option('--ca-file <file>', 'authorities in PEM that are trusted beside the usual ones')
    .option('--use-proxy', 'go through HTTPS_PROXY and HTTP_PROXY, which are passed over otherwise');
}

/** The world by the way that the options, or the settled target, allow. */
export async function reach<W extends World>(
  options: ReachOptions,
  world: W,
  target?: { caFile: string | null },
): Promise<W> {
  const file = target === undefined ? await named(options, world) : target.caFile;
  const proxies = options.useProxy === true ? world.env : null;
  if (file === null && proxies === null) return world;
  return { ...world, ...world.through({ ca: file === null ? null : await authorities(file, world), proxies }) };
}

/** Where no target says it. */
async function named(options: ReachOptions, { env }: World): Promise<string | null> {
  const { given } = await import('../config/sources.js');
  return given('caFile', options, env)?.value ?? null;
}

/** A file without a certificate in it would leave the run without what it was given for, and say nothing. */
async function authorities(file: string, world: World): Promise<string> {
  const text = await world.files.read(resolve(world.cwd, file));
  if (text === null) throw usage(`${file}: there is no such file`, '--ca-file wants the PEM file of an authority');
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const good = found.every((pem) => {
    try {
      return new X509Certificate(pem).raw.length > 0;
    } catch {
      return false;
    }
  });
  if (found.length === 0 || !good)
    throw usage(`${file}: holds no certificate that can be read`, '--ca-file wants the PEM file of an authority');
  return found.join('\n');
}
