import type { AnyCheck } from './check.js';
import type { Target } from './target.js';

/** One place in the order of a run. */
export interface Step {
  readonly check: AnyCheck;
  /** checks of this plan whose gifts it uses */
  readonly after: readonly AnyCheck[];
  /** why it will not run, where that is known before anything is contacted */
  readonly barred: string | null;
  /** asked for by the user, and not only drawn in by what it gives to others */
  readonly asked: boolean;
}

export interface PlanOptions {
  /** ids or groups; empty for all */
  readonly only: readonly string[];
  readonly allowWrites: boolean;
}

/** What a plan depends on of a target. */
type Planned = Pick<Target, 'name' | 'production'>;

/** True when `name` is the check's id or its group. */
export function selects(name: string, check: AnyCheck): boolean {
  return check.id === name || check.id.startsWith(`${name}/`);
}

/**
 * The checks that were asked for and what they need, each after its needs, in a stable order: the order of `all`
 * wherever needs allow it. Pure; `check --list` prints it.
 */
export function plan(all: readonly AnyCheck[], target: Planned, options: PlanOptions): Step[] {
  const steps = new Map<AnyCheck, Step>();
  const asked = (check: AnyCheck) => options.only.length === 0 || options.only.some((name) => selects(name, check));
  const add = (check: AnyCheck) => {
    if (steps.has(check)) return;
    const after = Object.values(check.needs ?? {}) as AnyCheck[];
    for (const needed of after) add(needed);
    steps.set(check, { check, after, barred: barred(check, target, options), asked: asked(check) });
  };
  for (const check of all) if (asked(check)) add(check);
  return [...steps.values()];
}

/** Why something with such an impact may not be done to a target; null when it may. */
export function barred(check: Pick<AnyCheck, 'impact'>, target: Planned, options: PlanOptions): string | null {
  const changes = check.impact === 'writes' || check.impact === 'noisy';
  if (target.production && changes && !options.allowWrites) {
    return `it ${check.impact === 'writes' ? 'writes' : 'makes noise'}, and ${target.name} counts as production: --allow-writes consents`;
  }
  return null;
}
