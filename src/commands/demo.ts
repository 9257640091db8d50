import { resolveTarget } from '../config/target.js';
import { LockstepError } from '../core/errors.js';
import type { ExitCode } from '../core/exit.js';
import { Exit } from '../core/exit.js';
import { exitCode } from '../core/report.js';
import type { Demo } from '../demo/contract.js';
import { startDemo } from '../demo/demo.js';
import { faults } from '../demo/faults.js';
import { twins } from '../demo/twins.js';
import { fleeting } from '../io/journal/fleeting.js';
import { usualLongest } from '../io/probe.js';
import { renderServing } from '../report/demo.js';
import type { World } from '../world.js';
import { gatherMaterial } from './check-material.js';
import { declareReports, openReporting } from './check-reports.js';
import { runChecks } from './check-run.js';
import { defineCommand } from './command.js';
import { deadlineOf, usualDeadline } from './deadline.js';
import type { Options } from './demo-options.js';
import { demoOptions } from './demo-options.js';
import { reach } from './reach.js';

export default defineCommand<Options>({
  declare(commander) {
    declareReports(commander);
    commander
      .option('--serve', 'keep it running and print how to reach it')
      .option('--trust <how>', 'how the API trusts tokens: jwks or shared-secret', 'jwks')
      .option('--socket-auth <how>', 'how the socket takes the token: query, subprotocol, header or message', 'query')
      .option('--no-delete-user', 'users may not remove themselves, as Better Auth has it unless told otherwise')
      .option('--backend <which>', 'the API: node, or python with Starlette and PyJWT', 'node')
      .option('--database-url-env <name>', 'a PostgreSQL by the URL in this variable, instead of the embedded one')
      .option('--auth-port <port>', 'port of the auth server; any free one otherwise')
      .option('--api-port <port>', 'port of the API; any free one otherwise')
      .option('--edge', 'a reverse proxy in front of both, with one origin for all')
      .option('--tls', 'https and wss at the edge, under a CA of its own')
      .option('--replicas', 'two auth servers and two APIs behind the edge, in turn')
      .option('--latency <ms>', 'milliseconds that bytes take to the edge, and from it')
      .option('--jitter <ms>', 'up to so many milliseconds more or less')
      .option('--loss <percent>', 'of 100 chunks of bytes so many come late')
      .option('--idle <seconds>', 'the edge cuts a socket after so long without a byte')
      .option('--edge-port <port>', 'port of the edge; any free one otherwise')
      .option('--production', 'the auth server limits sign-ins as in production')
      .option('--fault <id...>', 'plant a mistake, to see which check finds it')
      .option('--list-faults', 'print the mistakes that can be planted')
      .option('--twin <id>', 'a healthy deployment that looks suspicious, to see that no check is fooled')
      .option('--list-twins', 'print those')
      .addHelpText(
        'after',
        '\nExamples:\n  $ lockstep demo\n  $ lockstep demo --serve --trust shared-secret\n  $ lockstep demo --fault F149\n  $ lockstep demo --serve --edge --replicas --latency 50 --jitter 40',
      );
  },
  async run({ options, world, redactor }): Promise<ExitCode> {
    if (options.listFaults === true) {
      world.stdout.write(faults.map(({ id, check, what }) => `${id}  ${check.padEnd(26)}  ${what}\n`).join(''));
      return Exit.ok;
    }
    if (options.listTwins === true) {
      world.stdout.write(twins.map(({ id, what }) => `${id}  ${what}\n`).join(''));
      return Exit.ok;
    }
    const wanted = demoOptions(options, world.env);
    if (wanted.databaseUrl !== undefined) redactor.learn(wanted.databaseUrl.reveal());
    const reporting = await openReporting(options, world, redactor);
    const { quiet } = reporting;
    const progress = (line: string) => (quiet ? undefined : world.stderr.write(`${line}\n`));
    progress('starting Better Auth, an API and PostgreSQL on loopback');
    const demo = await startDemo({ ...wanted, progress, signal: world.interrupted });
    redactor.learn(demo.database.reveal());
    for (const { password } of Object.values(demo.users)) {
      if (options.serve !== true) redactor.learn(password.reveal());
    }
    try {
      if (options.serve === true) {
        world.stdout.write(renderServing(demo, options.json === true));
        const ended = await Promise.race([interruption(world), demo.ended]);
        if (ended === null || world.interrupted.aborted) return Exit.ok;
        throw new LockstepError('demo-ended', `the ${ended} process of the demo is gone`, { exit: Exit.unfinished });
      }
      const own = demoWorld(demo, world);
      const target = await resolveTarget({ config: demo.configFile }, own);
      const reached = reporting.heard(await reach({}, own, target));
      const report = await runChecks(target, reached, redactor, {
        only: [],
        consent: { writes: true, noise: false },
        strict: false,
        reporting,
        longest: usualLongest,
        deadline: deadlineOf(usualDeadline),
        material: await gatherMaterial(target, { config: demo.configFile }, reached, redactor),
      });
      await reporting.deliver(report);
      return exitCode(report);
    } finally {
      await demo.stop();
      await reporting.close();
    }
  },
});

/** The world with the demo's passwords in the environment, and no setting of the caller's that would reach into it. */
function demoWorld({ users, database }: Demo, world: World): World {
  const own = Object.entries(world.env).filter(([name]) => !name.startsWith('LOCKSTEP_'));
  const passwords = { LOCKSTEP_A_PASSWORD: users.a.password.reveal(), LOCKSTEP_B_PASSWORD: users.b.password.reveal() };
  const rows = { LOCKSTEP_DATABASE: database.reveal() };
  return { ...world, journals: fleeting, env: { ...Object.fromEntries(own), ...passwords, ...rows } };
}

function interruption({ interrupted }: World): Promise<null> {
  return new Promise((resolve) => {
    if (interrupted.aborted) resolve(null);
    else interrupted.addEventListener('abort', () => resolve(null), { once: true });
  });
}
