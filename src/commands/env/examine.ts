import type { Redactor } from '../../core/redact.js';
import { checkHalves } from '../../env-file/halves/check.js';
import { openHalves } from '../../env-file/halves/service.js';
import type { EnvReport } from '../../report/env.js';
import type { World } from '../../world.js';
import { dialects, lookAt } from './look.js';
import type { Options } from './options.js';
import type { Known } from './services.js';

/** Opens the files of both halves and compares what they say. Their secrets are learnt before anything is printed. */
export async function examined(
  known: readonly [Known, Known],
  { mode }: Pick<Options, 'mode'>,
  world: World,
  redactor: Redactor,
): Promise<EnvReport> {
  const [front, back] = await Promise.all([
    lookAt(known[0], mode, dialects, world),
    lookAt(known[1], mode, dialects, world),
  ]);
  const services = { frontend: front.service, backend: back.service };
  const results = checkHalves(openHalves(services, world.env), {
    key: () => world.random(32),
    siblings: [...front.siblings, ...back.siblings],
    learn: (secret) => redactor.learn(secret.reveal()),
  });
  return { services: [front.service, back.service], results, fixed: [], leftovers: [], strict: false };
}
