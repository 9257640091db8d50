import { checks } from 'virtual:checks';
import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { Material } from '../core/material.js';
import { nearest } from '../core/nearest.js';
import type { PlanOptions, Step } from '../core/plan.js';
import { plan, selects } from '../core/plan.js';
import type { Probe, Undo } from '../core/probe.js';
import type { Redactor } from '../core/redact.js';
import type { Leftover, Report, Result } from '../core/report.js';
import { run } from '../core/run.js';
import type { Target } from '../core/target.js';
import { createPace } from '../io/pace.js';
import { createProbe } from '../io/probe.js';
import { createProgress } from '../io/progress.js';
import { styleFor } from '../io/style.js';
import { renderResult } from '../report/text.js';
import type { World } from '../world.js';

export interface CheckRunOptions extends PlanOptions {
  readonly strict: boolean;
  readonly material: Material;
  /** milliseconds that a check may let pass */
  readonly longest: number;
  /** nothing but the report: no live list, no lines */
  readonly quiet: boolean;
}

/**
 * The plan for what was asked. Where a name selects nothing, nothing runs: a run that looks at less than was asked for
 * must not look like one that was whole. All such names are told at once.
 */
export function planned(target: Pick<Target, 'production' | 'name'>, options: PlanOptions): Step[] {
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
  return plan(checks, target, options);
}

/** Runs the checks against a target, with progress on stderr, and undoes what they left. */
export async function runChecks(
  target: Target,
  world: World,
  redactor: Redactor,
  options: CheckRunOptions,
): Promise<Report> {
  const { users, database } = target;
  for (const secret of [users.a?.password, users.b?.password, database]) if (secret) redactor.learn(secret.reveal());
  const steps = planned(target, options);
  const undo: Undo[] = [];
  const { material, longest } = options;
  const learn = (secret: string) => redactor.learn(secret);
  const given = { target, world, material, longest, learn, pace: createPace(target.production, world) };
  const began = world.monotonic();
  const watch = await watcher(world, steps, options.quiet);
  try {
    let leftovers: Leftover[] = [];
    const results = await run(steps, {
      width: 32,
      patience: checkMs + longest,
      signal: world.interrupted,
      monotonic: world.monotonic,
      timer: world.timer,
      probe: (signal) => createProbe({ ...given, undo }, signal),
      ...watch.hooks,
    }).finally(async () => {
      leftovers = await undone(undo, (signal) => createProbe({ ...given, undo: [] }, signal), world);
    });
    const ms = Math.round(world.monotonic() - began);
    const { name, auth, api } = target;
    return { command: 'check', target: { name, auth, api }, results, ms, leftovers, strict: options.strict };
  } finally {
    watch.stop();
  }
}

/** for one check, beside what it may let pass */
const checkMs = 60_000;
const cleanupMs = 20_000;

/** Last in, first out, each with a deadline of its own, also after an interrupted run. What stays is told. */
async function undone(undo: readonly Undo[], probe: (signal: AbortSignal) => Probe, world: World): Promise<Leftover[]> {
  const left: Leftover[] = [];
  for (const action of undo.toReversed()) {
    const deadline = new AbortController();
    const cancel = world.timer(cleanupMs, () => deadline.abort());
    await action(probe(deadline.signal)).catch((error: Error) => {
      left.push({ what: error.message, seen: error instanceof LockstepError && error.exit === Exit.problems });
    });
    cancel();
  }
  return left;
}

async function watcher(world: World, steps: readonly Step[], quiet: boolean) {
  const progress = await createProgress(world, quiet);
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
        draw();
      },
      onResult(result: Result) {
        running.delete(result.check);
        ended.set(result.check, result);
        progress.note(`${result.verdict.padEnd(12)} ${result.check} (${result.ms} ms)`);
        draw();
      },
    },
    stop: () => progress.stop(),
  };
}
