import { resolveSettings, resolveTarget } from '../config/target.js';
import { LockstepError } from '../core/errors.js';
import type { ExitCode } from '../core/exit.js';
import { Exit } from '../core/exit.js';
import { exitCode } from '../core/report.js';
import type { Target } from '../core/target.js';
import { booted } from '../io/boot.js';
import { renderPlan } from '../report/plan.js';
import type { World } from '../world.js';
import { findMaterial } from './check-material.js';
import type { Options } from './check-options.js';
import { brief, confirmNoise, declareOptions, longestOf, patienceOf } from './check-options.js';
import { openReporting } from './check-reports.js';
import { planned, runChecks } from './check-run.js';
import { defineCommand } from './command.js';
import { deadlineOf } from './deadline.js';
import { contactsOf, pinned, reach } from './reach.js';

export default defineCommand<Options>({
  brief,
  declare: declareOptions,
  async run({ options, args, world, redactor }): Promise<ExitCode> {
    const only = [...args, ...(options.only ?? [])].flatMap((names) => names.split(',')).filter((name) => name !== '');
    if (only.length === 0 && (args.length > 0 || options.only !== undefined)) {
      throw new LockstepError('nothing-selected', 'no checks selected', {
        exit: Exit.unfinished,
        hint: 'lockstep check --list',
      });
    }
    const consent = { writes: options.allowWrites === true, noise: options.allowNoisy === true };
    const longest = longestOf(options);
    const patience = patienceOf(options);
    const deadline = deadlineOf(options.deadline);
    if (options.list === true) {
      world.stdout.write(renderPlan(planned(await listed(options, world), { only, consent }), options.json === true));
      return Exit.ok;
    }
    const settings = await resolveSettings(options, world);
    const { target } = settings;
    confirmNoise(target, options);
    const held = await pinned(options, world, contactsOf(target));
    if (target.database !== null) {
      const { tellWeakTls } = await import('./database-tls.js');
      tellWeakTls(target.database, 'the database of the target', held);
    }
    const reached = await reach(options, held, target);
    const reporting = await openReporting(options, world, redactor);
    try {
      if (patience > 0) await awaited(target, patience, reached);
      const report = await runChecks(target, reporting.heard(reached), redactor, {
        only,
        consent,
        longest,
        deadline,
        material: await findMaterial(settings, options, held, redactor),
        strict: options.strict === true,
        reporting,
      });
      await reporting.deliver(report);
      return exitCode(report);
    } finally {
      await reporting.close();
    }
  },
});

/** A deployment that is still booting; one that never answers is for the checks to tell. */
async function awaited({ auth, api }: Target, ms: number, world: World): Promise<void> {
  const silent = await booted([`${auth}/ok`, ...(api === null ? [] : [api])], ms, world);
  for (const url of silent) world.stderr.write(`${url} does not answer after ${ms / 1000} s\n`);
}

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
