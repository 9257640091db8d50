import type { Datum, Level, Placeholders } from './finding.js';
import type { Probe } from './probe.js';

export type Verdict = 'pass' | 'warn' | 'fail' | 'skip' | 'inconclusive';
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';
/** What a check does to a deployment. */
export type Impact = 'offline' | 'reads' | 'writes' | 'noisy';
/** Whom a verdict is about. */
export type Judged = 'deployment' | 'files' | 'self' | 'both';

/** One way in which a check can end badly, in the words that the user will read. */
export interface ProblemSpec {
  readonly level: Level;
  /** present tense, evidence in braces: `'{url} answered {status}'` */
  readonly text: string;
  readonly hint?: string;
}
export type ProblemSpecs = Readonly<Record<string, ProblemSpec>>;

/** A problem as `run` returns it: its code, and evidence for every name in its template (more is welcome). */
export interface Problem<
  C extends string = string,
  D extends Readonly<Record<string, Datum>> = Readonly<Record<string, Datum>>,
> {
  readonly code: C;
  readonly data: D;
}

type CodesOf<P extends ProblemSpecs, L extends Level> = {
  [C in keyof P & string]: P[C]['level'] extends L ? C : never;
}[keyof P & string];

type ProblemOf<P extends ProblemSpecs, L extends Level> = {
  [C in CodesOf<P, L>]: Problem<C, Readonly<Record<Placeholders<P[C]['text']>, Datum>>>;
}[CodesOf<P, L>];

/**
 * How a check can end. A check that gives something to others gives it with every `passed`, also beside warnings:
 * a warning must never skip its dependents. `failed` needs at least one problem of level `fail`; it gives, too, where
 * what was found bad leaves the gift usable, so that the rest of the flow is still looked at.
 */
export type Outcome<Gives, P extends ProblemSpecs> =
  | { readonly kind: 'passed'; readonly gives: Gives; readonly problems: readonly ProblemOf<P, 'warn'>[] }
  | {
      readonly kind: 'failed';
      readonly problems: readonly [ProblemOf<P, 'fail'>, ...ProblemOf<P, Level>[]];
      readonly gives?: Gives;
    }
  | { readonly kind: 'skipped'; readonly because: string }
  | { readonly kind: 'inconclusive'; readonly because: string };

/** An outcome of a check whose types are no longer known, as the runner sees it. */
export type AnyOutcome =
  | { readonly kind: 'passed'; readonly gives: unknown; readonly problems: readonly Problem[] }
  | { readonly kind: 'failed'; readonly problems: readonly [Problem, ...Problem[]]; readonly gives?: unknown }
  | { readonly kind: 'skipped'; readonly because: string }
  | { readonly kind: 'inconclusive'; readonly because: string };

// biome-ignore lint/suspicious/noExplicitAny: a check of any shape; its own definition keeps the types
export type AnyCheck = Check<any, any, any>;
export type Needs = Readonly<Record<string, AnyCheck>>;
export type GiftOf<C> = C extends Check<infer G, infer _P, infer _N> ? G : never;
export type Given<N extends Needs> = { readonly [K in keyof N]: GiftOf<N[K]> };

/** One question put to a deployment. */
export interface Check<Gives = undefined, P extends ProblemSpecs = ProblemSpecs, N extends Needs = Needs> {
  /** its path under `src/checks`: `token/fetch` */
  readonly id: string;
  /** a sentence that is true when the check passes */
  readonly title: string;
  readonly severity: Severity;
  readonly impact: Impact;
  /** belongs to the core of an auth flow: a skip of it is named in the summary */
  readonly core?: boolean;
  /** whom the verdict is about, `deployment` unless given; `self`: lockstep's own client, and the server's half */
  readonly judges?: Judged;
  /** runs after all others, by itself: it uses up what they need, a rate limit say */
  readonly alone?: boolean;
  /** the checks whose gifts this one uses; it is skipped when one of them gives nothing */
  readonly needs?: N;
  /** whose ruling it applies: `'RFC 8725 3.1'`, `'ASVS 9.1.2'` */
  readonly source?: readonly string[];
  /** every way it can end badly */
  readonly problems: P;
  run(probe: Probe, given: Given<N>): Promise<Outcome<Gives, P>>;
}

/** Declares a check, so that the compiler holds its problems, its evidence and its needs together. */
export function defineCheck<
  const P extends ProblemSpecs,
  Gives = undefined,
  const N extends Needs = Record<never, never>,
>(check: Check<Gives, P, N>): Check<Gives, P, N> {
  return check;
}

/** The deployment is as the title says. */
export function pass(): { kind: 'passed'; gives: undefined; problems: [] };
/** The deployment is as the title says, and dependents get `gives`. */
export function pass<G>(gives: G): { kind: 'passed'; gives: G; problems: [] };
export function pass<G>(gives?: G): { kind: 'passed'; gives: G | undefined; problems: [] } {
  return { kind: 'passed', gives, problems: [] };
}

/** The deployment is worse than advised, or lawful but risky; dependents run. */
export function warn<G, const P extends Problem>(
  gives: G,
  ...problems: P[]
): { kind: 'passed'; gives: G; problems: P[] } {
  return { kind: 'passed', gives, problems };
}

/** The deployment is not as the title says. */
export function problem<C extends string, D extends Readonly<Record<string, Datum>>>(
  code: C,
  data: D,
): { kind: 'failed'; problems: [Problem<C, D>] } {
  return { kind: 'failed', problems: [{ code, data }] };
}

/** As bad as what was found: failed by any failure, which takes the remarks along; else passed, beside remarks if any. */
export function ending<const F extends Problem>(
  failures: readonly F[],
): { kind: 'failed'; problems: readonly [F, ...F[]] } | { kind: 'passed'; gives: undefined; problems: readonly [] };
export function ending<const F extends Problem, const W extends Problem>(
  failures: readonly F[],
  remarks: readonly W[],
):
  | { kind: 'failed'; problems: readonly [F, ...(F | W)[]] }
  | { kind: 'passed'; gives: undefined; problems: readonly W[] };
export function ending(failures: readonly Problem[], remarks: readonly Problem[] = []): AnyOutcome {
  const [first, ...more] = failures;
  if (first === undefined) return { kind: 'passed', gives: undefined, problems: remarks };
  return { kind: 'failed', problems: [first, ...more, ...remarks] };
}

/** Not applicable here, or no material for it. */
export function skip(because: string): { kind: 'skipped'; because: string } {
  return { kind: 'skipped', because };
}

/** A control failed, so nothing can be said. */
export function inconclusive(because: string): { kind: 'inconclusive'; because: string } {
  return { kind: 'inconclusive', because };
}
