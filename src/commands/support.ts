import { release } from 'node:os';
import { rules } from 'virtual:rules';
import packageJson from '../../package.json' with { type: 'json' };
import { findConfig } from '../config/load.js';
import { diagnose } from '../core/diagnosis.js';
import type { ExitCode } from '../core/exit.js';
import { Exit } from '../core/exit.js';
import { renderSupport, shapeOf } from '../report/support.js';
import type { Call } from './command.js';
import { defineCommand } from './command.js';
import { inTime } from './deadline.js';
import { gather } from './diagnose/gather.js';
import type { Options } from './diagnose/options.js';
import { declareLooks } from './diagnose/options.js';

export default defineCommand<Options>({
  declare(commander) {
    declareLooks(commander).addHelpText(
      'after',
      `
Examples:
  $ lockstep support > support.json
  $ lockstep support --offline --frontend web --backend api`,
    );
  },
  run: (call) => inTime(call, supported),
});

async function supported({ options, world, redactor }: Call<Options>): Promise<ExitCode> {
  const note = (line: string) => void world.stderr.write(`${line}\n`);
  const evidence = await gather(options, world, redactor, note);
  const config = await findConfig(world, options.config ?? (world.env.LOCKSTEP_CONFIG || undefined));
  const { verdicts, outcome } = diagnose(rules, evidence);
  world.stdout.write(
    renderSupport({
      version: packageJson.version,
      node: process.version,
      platform: `${process.platform} ${process.arch} ${release()}`,
      config: config === null ? null : shapeOf(config.text),
      verdicts: verdicts.map(({ code, certainty }) => `${code} (${certainty})`),
      outcome,
      evidence,
    }),
  );
  return Exit.ok;
}
