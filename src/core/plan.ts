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

/** What the user has agreed to. */
export interface Consent {
  /** objects of the test users may be made and removed on production */
  readonly writes: boolean;
  /** limits may be reached and frames broken, anywhere */
  readonly noise: boolean;
}

export interface PlanOptions {
  /** ids or groups; empty for all */
  readonly only: readonly string[];
  readonly consent: Consent;
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

/** Writes want consent on production; noise wants it everywhere, and on no production its own name is consent enough. */
export function barred(
  check: Pick<AnyCheck, 'id' | 'impact'>,
  target: Planned,
  { only, consent }: PlanOptions,
): string | null {
  if (check.impact === 'writes' && target.production && !consent.writes)
    return `it writes, and ${target.name} counts as production: --allow-writes consents`;
  if (check.impact !== 'noisy' || consent.noise || (!target.production && only.includes(check.id))) return null;
  return `it makes noise${target.production ? `, and ${target.name} counts as production` : ''}: --allow-noisy consents`;
}
