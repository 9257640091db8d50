import packageJson from '../../../package.json' with { type: 'json' };
import type { ExitCode } from '../../core/exit.js';
import { exitCode } from '../../core/report.js';
import { openStyle } from '../../io/coloured.js';
import { renderEnv, renderEnvJson } from '../../report/env.js';
import type { World } from '../../world.js';
import { defineCommand } from '../command.js';
import { examined } from './examine.js';
import { dialects, lookAt } from './look.js';
import type { Options } from './options.js';
import { brief, declareOptions } from './options.js';
import type { Known } from './services.js';
import { settleServices } from './services.js';

export default defineCommand<Options>({
  brief,
  declare: declareOptions,
  async run({ options, world, redactor }): Promise<ExitCode> {
    const known = await settleServices(options, world);
    const fixed = options.fix === true ? await mended(known, options, world) : [];
    const report = { ...(await examined(known, options, world, redactor)), fixed };
    if (options.sarif === true) {
      const { renderSarif } = await import('../../report/sarif.js');
      world.stdout.write(renderSarif(report.results, packageJson.version));
    } else if (options.json === true) world.stdout.write(renderEnvJson(report));
    else world.stdout.write(renderEnv(report, await openStyle(world.stdout, world.env)));
    return exitCode(report);
  },
});

async function mended(known: readonly [Known, Known], { mode }: Options, world: World): Promise<string[]> {
  const { mend } = await import('./mend.js');
  const looks = await Promise.all(known.map((each) => lookAt(each, mode, dialects, world)));
  return mend(
    looks.flatMap(({ service }) => service.files),
    world,
  );
}
