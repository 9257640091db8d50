import { checks } from 'virtual:checks';
import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { Material } from '../core/material.js';
import { nearest } from '../core/nearest.js';
import type { PlanOptions, Step } from '../core/plan.js';
import { plan, selects } from '../core/plan.js';
import type { Undo } from '../core/probe.js';
import type { Redactor } from '../core/redact.js';
import type { Leftover, Report } from '../core/report.js';
import { run as runPlan } from '../core/run.js';
import type { Target } from '../core/target.js';
import { createPace } from '../io/pace.js';
import { createPresence } from '../io/presence.js';
import { createProbe, newRun } from '../io/probe.js';
import type { World } from '../world.js';
import { calledOtherwise } from './called-otherwise.js';
import { ahead } from './check-ahead.js';
import type { Heard } from './check-watch.js';
import { watch } from './check-watch.js';
import { deadlineIn } from './deadline.js';
import { takenBack } from './take-back.js';
import { comesSecond, isDoor, withConsent, withPeople } from './throwaway/people.js';

export interface CheckRunOptions extends PlanOptions {
  readonly strict: boolean;
  readonly material: () => Promise<Material>;
  /** milliseconds that a check may let pass */
  readonly longest: number;
  /** milliseconds for all of them together; what was made is taken back after it */
  readonly deadline: number;
  readonly reporting: Heard;
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
  const { users, admin, database } = target;
  for (const secret of [users.a?.password, users.b?.password, admin?.password, database])
    if (secret) redactor.learn(secret.reveal());
  const planning = planned(target, options);
  const run = newRun(world);
  const { name, auth, api, tokenRoute } = target;
  const journal = await world.journals.open(run, { name, auth, api, tokenRoute: tokenRoute.value });
  const undo: Undo[] = [];
  const { material, longest } = options;
  const { sent, ready } = ahead(planning, { journal, material, world, signsUp: target.signUp.length > 0 });
  const learn = (secret: string) => redactor.learn(secret);
  const pace = createPace(target.production, world);
  const deadline = deadlineIn(options.deadline, world);
  const { signal } = deadline;
  const made = { target, world: { ...world, interrupted: signal }, longest, undo, journal, run, learn, pace, sent };
  const presence = createPresence(target, world, pace);
  const began = world.monotonic();
  const { reporting } = options;
  const epoch = world.now();
  const watching = await watch(world, planning, reporting, began);
  let leftovers: Leftover[] | null = null;
  try {
    const walk = async () => {
      const probe = createProbe(made, signal);
      const people = await withPeople({ ...made, steps: planning, probe }).catch((error: unknown) => {
        // nobody is there, and every check says why
        if (deadline.passed() && error instanceof LockstepError) return { steps: planning, target };
        throw error;
      });
      return runPlan(people.steps, {
        width: 32,
        patience: checkMs + longest,
        signal,
        monotonic: world.monotonic,
        bars: (check, given) => calledOtherwise(check, given, target, options.consent),
        began,
        timer: world.timer,
        // whoever signs in needs none of it, and need not wait for it
        probe: async (own, hear, check, lost) => {
          if (comesSecond(check, people)) await ready;
          const of = isDoor(check) ? {} : { material: await material() };
          const heard = presence.watched(made.world, lost);
          return createProbe({ ...made, ...of, world: heard, target: people.target, note: hear }, own);
        },
        gone: presence.gone,
        ...watching.hooks,
      });
    };
    const results = await walk().finally(async () => {
      deadline.cancel();
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
    watching.stop();
  }
}

/** for one check, beside what it may let pass */
const checkMs = 60_000;
