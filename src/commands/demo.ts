import { parseConfig } from '../config/parse.js';
import { targetOf } from '../config/target.js';
import { usage } from '../core/errors.js';
import type { ExitCode } from '../core/exit.js';
import { Exit } from '../core/exit.js';
import { exitCode } from '../core/report.js';
import { Secret } from '../core/secret.js';
import { styleFor } from '../io/style.js';
import { renderJson } from '../report/json.js';
import { renderText } from '../report/text.js';
import { runChecks } from './check-run.js';
import { defineCommand } from './command.js';

interface Options {
  readonly serve?: boolean;
}

export default defineCommand<Options>({
  declare(commander) {
    commander.option('--serve', 'keep it running and print how to reach it');
  },
  async run(): Promise<ExitCode> {
    return Exit.ok;
  },
});
