import { checks } from 'virtual:checks';
import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { Material } from '../core/material.js';
import { nearest } from '../core/nearest.js';
import type { PlanOptions, Step } from '../core/plan.js';
import { plan, selects } from '../core/plan.js';
import type { Undo } from '../core/probe.js';
import type { Redactor } from '../core/redact.js';
import type { Leftover, Report, Result } from '../core/report.js';
import type { Noted } from '../core/reproduce.js';
import { run as runPlan } from '../core/run.js';
import type { Target } from '../core/target.js';
import { createPace } from '../io/pace.js';
import { createProbe, newRun } from '../io/probe.js';
import { createProgress } from '../io/progress.js';
import { styleFor } from '../io/style.js';
import { renderResult } from '../report/text.js';
import type { World } from '../world.js';
import type { Reporting } from './check-reports.js';
import { takenBack } from './take-back.js';
import { withConsent, withPeople } from './throwaway/people.js';

export interface CheckRunOptions extends PlanOptions {
  readonly strict: boolean;
  readonly material: Material;
  /** milliseconds that a check may let pass */
  readonly longest: number;
  readonly reporting: Omit<Reporting, 'heard' | 'deliver' | 'close'>;
}

/**
 * The plan for what was asked. Where a name selects nothing, nothing runs: a run that looks at less than was asked for
 * must not look like one that was whole. All such names are told at once.
 */
export function planned(
  target: Pick<Target, 'production' | 'name'> & Partial<Pick<Target, 'signUp'>>,
  options: PlanOptions,
): Step[] {
  const unknown = options.only.filter((name) => !checks.some((check) => selects(name, check)));
  if (unknown.length > 0) {
    const names = [...new Set(checks.flatMap(({ id }) => [id, id.split('/')[0] as string]))];
    const lines = unknown.map((name) => {
      const near = nearest(name, names);
      return `no check or group is called ${name}${near === null ? '' : ` (did you mean ${near}?)`}`;
    });
    throw new LockstepError('nothing-selected', lines.join('\n'), {
      exit: Exit.unfinished,
      hint: 'lockstep check --list',
    });
  }
  return withConsent(plan(checks, target, options), target, options);
}

/** Runs the checks against a target, with progress on stderr, and takes back what they made. */
export async function runChecks(
  target: Target,
  world: World,
  redactor: Redactor,
  options: CheckRunOptions,
): Promise<Report> {
  const { users, database } = target;
  for (const secret of [users.a?.password, users.b?.password, database]) if (secret) redactor.learn(secret.reveal());
  const planning = planned(target, options);
  const run = newRun(world);
  const { name, auth, api, tokenRoute } = target;
  const journal = await world.journals.open(run, { name, auth, api, tokenRoute: tokenRoute.value });
  const undo: Undo[] = [];
  const { material, longest } = options;
  const learn = (secret: string) => redactor.learn(secret);
  const pace = createPace(target.production, world);
  const made = { target, world, material, longest, undo, journal, run, learn, pace };
  const began = world.monotonic();
  const { reporting } = options;
  const epoch = world.now();
  const watch = await watcher(world, planning, reporting, began);
  let leftovers: Leftover[] | null = null;
  try {
    const walk = async () => {
      const probe = createProbe(made, world.interrupted);
      const people = await withPeople({ ...made, steps: planning, probe });
      return runPlan(people.steps, {
        width: 32,
        patience: checkMs + longest,
        signal: world.interrupted,
        monotonic: world.monotonic,
        began,
        timer: world.timer,
        probe: (signal, hear) => createProbe({ ...made, target: people.target, note: hear }, signal),
        ...watch.hooks,
      });
    };
    const results = await walk().finally(async () => {
      leftovers = await takenBack(made);
    });
    const ms = Math.round(world.monotonic() - began);
    return {
      command: 'check',
      target: { name, auth, api },
      results,
      began: epoch,
      ms,
      leftovers: leftovers ?? [],
      strict: options.strict,
    };
  } catch (error) {
    // there will be no report to say it
    for (const { what } of leftovers ?? []) world.stderr.write(`left behind: ${what}\n`);
    throw error;
  } finally {
    watch.stop();
  }
}

/** for one check, beside what it may let pass */
const checkMs = 60_000;

async function watcher(world: World, steps: readonly Step[], reporting: CheckRunOptions['reporting'], began: number) {
  const progress = await createProgress(world, reporting.quiet);
  const style = styleFor(world.stderr, world.env);
  const width = Math.max(0, ...steps.map(({ check }) => check.id.length));
  const running = new Set<string>();
  const ended = new Map<string, Result>();
  const draw = () => {
    const done = steps.flatMap(({ check }) => {
      const result = ended.get(check.id);
      return result === undefined ? [] : [renderResult(result, width, style)[0] as string];
    });
    progress.show([`${ended.size}/${steps.length}  ${[...running].join(', ')}`, ...done]);
  };
  return {
    hooks: {
      onStart({ id }: { id: string }) {
        running.add(id);
        reporting.onStart(id, Math.round(world.monotonic() - began));
        draw();
      },
      onExchange: ({ id }: { id: string }, exchange: Noted) => reporting.onExchange(id, exchange),
      onResult(result: Result) {
        running.delete(result.check);
        ended.set(result.check, result);
        reporting.onResult(result);
        progress.note(`${result.verdict.padEnd(12)} ${result.check} (${result.ms} ms)`);
        draw();
      },
    },
    stop: () => progress.stop(),
  };
}
