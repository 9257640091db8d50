import type { Flags } from '../config/target.js';
import { resolveTarget } from '../config/target.js';
import { LockstepError } from '../core/errors.js';
import type { ExitCode } from '../core/exit.js';
import { Exit } from '../core/exit.js';
import { exitCode } from '../core/report.js';
import type { Target } from '../core/target.js';
import { styleFor } from '../io/style.js';
import { renderJson } from '../report/json.js';
import { renderPlan } from '../report/plan.js';
import { renderText } from '../report/text.js';
import type { World } from '../world.js';
import { planned, runChecks } from './check-run.js';
import { defineCommand } from './command.js';

interface Options extends Flags {
  readonly only?: readonly string[];
  readonly list?: boolean;
  readonly json?: boolean;
  readonly strict?: boolean;
  readonly allowWrites?: boolean;
}

export default defineCommand<Options>({
  declare(commander) {
    commander
      .argument('[checks...]', 'ids or groups of checks: token, ws/connects-after-auth')
      .option('--auth <url>', 'base URL of Better Auth')
      .option('--api <url>', 'base URL of the API')
      .option('--target <name>', 'target of lockstep.json')
      .option('--config <file>', 'another lockstep.json')
      .option('--user-a <email>', 'first user; password in LOCKSTEP_A_PASSWORD')
      .option('--user-b <email>', 'second user; password in LOCKSTEP_B_PASSWORD')
      .option('--sign-up', 'make the users that are not given, for this run, where they can be removed again')
      .option('--me <path>', 'route that says who the caller is')
      .option('--tasks <path>', 'collection of something that users own')
      .option('--socket <url>', 'WebSocket URL')
      .option('--socket-auth <how>', 'query:NAME, subprotocol, header or message')
      .option('--token-route <path>', 'route that gives a token, under the auth URL')
      .option('--trust <how>', 'how the API trusts tokens: auto, jwks or shared-secret')
      .option('--production', 'treat it as production: nothing is written without --allow-writes')
      .option('--no-production', 'treat it as no production, whatever its address')
      .option('--only <id...>', 'only these checks or groups, and what they need')
      .option('--list', 'print the plan and contact nobody')
      .option('--json', 'one JSON object on stdout')
      .option('--strict', 'warnings and skipped core checks count as problems')
      .option('--allow-writes', 'consent to create and delete objects of the test users on production')
      .addHelpText(
        'after',
        `
Examples:
  $ lockstep check --auth http://localhost:3000 --api http://localhost:8000
  $ lockstep check --auth http://localhost:3000 --api http://localhost:8000 --sign-up
  $ lockstep check token ws --target staging --json`,
      );
  },
  async run({ options, args, world, redactor }): Promise<ExitCode> {
    const only = [...args, ...(options.only ?? [])].flatMap((names) => names.split(',')).filter((name) => name !== '');
    if (only.length === 0 && (args.length > 0 || options.only !== undefined)) {
      throw new LockstepError('nothing-selected', 'no checks selected', {
        exit: Exit.unfinished,
        hint: 'lockstep check --list',
      });
    }
    const allowWrites = options.allowWrites === true;
    if (options.list === true) {
      world.stdout.write(
        renderPlan(planned(await listed(options, world), { only, allowWrites }), options.json === true),
      );
      return Exit.ok;
    }
    const target = await resolveTarget(options, world);
    const json = options.json === true;
    const report = await runChecks(target, world, redactor, {
      only,
      allowWrites,
      strict: options.strict === true,
      quiet: json,
    });
    world.stdout.write(json ? renderJson(report) : renderText(report, styleFor(world.stdout, world.env)));
    return exitCode(report);
  },
});

/** The target for a list of checks, which needs none: without any address the list is that of a deployment on loopback. */
async function listed(options: Options, world: World): Promise<Pick<Target, 'name' | 'production' | 'signUp'>> {
  try {
    return await resolveTarget(options, world);
  } catch (error) {
    if (error instanceof LockstepError && error.code === 'usage' && options.auth === undefined)
      return { name: 'local', production: false, signUp: [] };
    throw error;
  }
}
