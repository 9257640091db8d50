import type { Command as Commander } from 'commander';
import { loaderNames } from '../../env-file/loader.js';
import { optionsOf, plainFlags } from '../plain-flags.js';

export interface Options {
  readonly config?: string;
  readonly frontend?: string;
  readonly backend?: string;
  readonly frontendLoader?: string;
  readonly backendLoader?: string;
  readonly frontendEnv?: readonly string[];
  readonly backendEnv?: readonly string[];
  readonly frontendSecretName?: string;
  readonly backendSecretName?: string;
  readonly frontendDatabaseName?: string;
  readonly backendDatabaseName?: string;
  readonly mode: string;
  readonly fix?: boolean;
  readonly json?: boolean;
  readonly sarif?: boolean;
}

const modeWithoutFlag = 'development';

/** Run before each start of a service: its plain command lines need no parser. */
export function brief(args: readonly string[]): Options | null {
  const flags = plainFlags(args, valued, ['json', 'fix']);
  if (flags === null) return null;
  const loaders = [flags['frontend-loader'], flags['backend-loader']];
  if (loaders.some((name) => name !== undefined && !loaderNames.some((known) => known === name))) return null;
  return { mode: modeWithoutFlag, ...optionsOf(flags) };
}

/** those that take one word; the others are left to the parser */
const valued = ['frontend', 'backend', 'frontend-loader', 'backend-loader', 'config', 'mode'];

/** Where the halves are, and how they read their files. */
export function declareServices(commander: Commander): Commander {
  for (const side of ['frontend', 'backend']) {
    commander
      .option(`--${side} <dir>`, `folder of the ${side}`)
      .addOption(commander.createOption(`--${side}-loader <name>`, 'what reads its env files').choices(loaderNames))
      .option(`--${side}-env <file...>`, 'its env files, from its folder, in the order in which they are read')
      .option(`--${side}-secret-name <name>`, 'its name for the shared secret')
      .option(`--${side}-database-name <name>`, 'its name for the database URL');
  }
  return commander.option('--mode <name>', 'mode of Next.js and Vite: development, production, test', modeWithoutFlag);
}

export function declareOptions(commander: Commander): void {
  declareServices(commander)
    .option('--config <file>', 'another lockstep.json')
    .option('--fix', 'mend what can be mended without choosing a value')
    .addOption(commander.createOption('--json', 'one JSON object on stdout').conflicts('sarif'))
    .option('--sarif', 'SARIF 2.1.0 on stdout')
    .addHelpText(
      'after',
      `
Examples:
  $ lockstep env check
  $ lockstep env check --frontend web --backend api --backend-loader pydantic-settings
  $ lockstep env check --mode production --json`,
    );
}
