import { fetchToken, fetchTokenProblems } from '../../checks/fetch-token.js';
import { signIn, signInProblems } from '../../checks/sign-in.js';
import type { Flags } from '../../config/target.js';
import { resolveTarget } from '../../config/target.js';
import { usage } from '../../core/errors.js';
import type { ExitCode } from '../../core/exit.js';
import { Exit } from '../../core/exit.js';
import { createProbe, newRun } from '../../io/probe.js';
import type { Call } from '../command.js';
import { defineCommand } from '../command.js';
import type { DeadlineOptions } from '../deadline.js';
import { declareDeadline, inTime } from '../deadline.js';
import type { ReachOptions } from '../reach.js';
import { declareReach, pinned, reach } from '../reach.js';
import { tellOutcome } from './outcome.js';
import { someUser } from './user.js';

interface Options extends Flags, ReachOptions, DeadlineOptions {
  readonly as: string;
  readonly input?: boolean;
}

export default defineCommand<Options>({
  declare(commander) {
    declareDeadline(declareReach(commander))
      .option('--auth <url>', 'base URL of Better Auth')
      .option('--target <name>', 'target of lockstep.json')
      .option('--config <file>', 'another lockstep.json')
      .option('--as <user>', 'a or b: the user of the configuration, the environment or the prompt', 'a')
      .option('--user-a <email>', 'first user; password in LOCKSTEP_A_PASSWORD')
      .option('--user-b <email>', 'second user; password in LOCKSTEP_B_PASSWORD')
      .option('--token-route <path>', 'route that gives a token, under the auth URL')
      .option('--no-input', 'never ask')
      .addHelpText(
        'after',
        '\nExamples:\n  $ export LOCKSTEP_TOKEN="$(lockstep token fetch --auth http://localhost:3000)"',
      );
  },
  run: (call) => inTime(call, fetched),
});

async function fetched({ options, world, redactor }: Call<Options>): Promise<ExitCode> {
  if (options.as !== 'a' && options.as !== 'b') throw usage(`--as ${options.as}: it is a or b`);
  const target = await resolveTarget(options, world);
  const user = await someUser(target, options.as, options.input !== false, world);
  redactor.learn(user.password.reveal());
  const reached = await reach(options, await pinned(options, world, [target.auth]), target);
  const run = newRun(world);
  const { name, auth, api, tokenRoute } = target;
  // nothing is made here, so there will be no file
  const journal = await world.journals.open(run, { name, auth, api, tokenRoute: tokenRoute.value });
  const heard: string[] = [];
  const learn = (secret: string) => void heard.push(secret);
  // what is printed is the one secret that may be: the session says the very same token in its headers
  const keepBack = (product = '') => {
    for (const secret of heard) if (!product.includes(secret)) redactor.learn(secret);
  };
  try {
    const probe = createProbe({ target, world: reached, undo: [], journal, run, learn }, world.interrupted);
    const session = await signIn(probe, user);
    const token = 'gives' in session ? await fetchToken(probe, session.gives) : null;
    if (token === null || !('gives' in token)) {
      keepBack();
      return token === null
        ? tellOutcome(session, signInProblems, world)
        : tellOutcome(token, fetchTokenProblems, world);
    }
    keepBack(token.gives.jwt.reveal());
    world.stdout.write(`${token.gives.jwt.reveal()}\n`);
    return Exit.ok;
  } catch (error) {
    keepBack();
    throw error;
  }
}
