import type { AnyCheck, Judged, Severity, Verdict } from './check.js';
import type { ExitCode, Outcome } from './exit.js';
import { Exit } from './exit.js';
import type { Finding } from './finding.js';

/** What one check came to. */
export interface Result {
  readonly check: string;
  readonly title: string;
  readonly severity: Severity;
  readonly core: boolean;
  /** whom the verdict is about; absent: the deployment */
  readonly judges?: Judged;
  /** false for a check that ran only because others need its gift */
  readonly asked: boolean;
  readonly verdict: Verdict;
  /** when it began, in milliseconds since the run did */
  readonly at: number;
  readonly ms: number;
  readonly findings: readonly Finding[];
  /** why it was skipped or stayed inconclusive */
  readonly because?: string;
}

/** Something that the run made and could not take back. */
export interface Leftover {
  readonly what: string;
  /** false where nobody answered: it may be there or not */
  readonly seen: boolean;
}

/** All that a run learned, as plain data, in plan order whatever finished first. */
export interface Report {
  readonly command: string;
  readonly target: { readonly name: string; readonly auth: string; readonly api: string | null };
  readonly results: readonly Result[];
  /** when the run began, in milliseconds since the epoch */
  readonly began: number;
  readonly ms: number;
  /** what could not be undone after the run */
  readonly leftovers: readonly Leftover[];
  readonly strict: boolean;
}

/** How many results there are of each verdict. */
export function tally(results: readonly Result[]): Record<Verdict, number> {
  const counts: Record<Verdict, number> = { pass: 0, warn: 0, fail: 0, skip: 0, inconclusive: 0 };
  for (const { verdict } of results) counts[verdict] += 1;
  return counts;
}

/** The core checks that were skipped: a green run names them. */
export function skippedCore(results: readonly Result[]): Result[] {
  return results.filter(({ core, verdict }) => core && verdict === 'skip');
}

/**
 * The one ruling on a report; the exit code and the word in JSON are both read from it, so they cannot disagree.
 * Never `ok` when nothing that was asked for ran to a verdict, and no core check of those that were.
 */
export function outcome(
  report: Pick<Report, 'results' | 'leftovers' | 'strict'>,
): Extract<Outcome, 'ok' | 'problems' | 'unfinished'> {
  const counts = tally(report.results);
  if (counts.fail > 0 || report.leftovers.some(({ seen }) => seen)) return 'problems';
  if (counts.inconclusive > 0 || report.leftovers.length > 0) return 'unfinished';
  const answered = decisive(report.results).some(({ verdict }) => verdict === 'pass' || verdict === 'warn');
  if (!answered) return 'unfinished';
  if (report.strict && (counts.warn > 0 || skippedCore(report.results).length > 0)) return 'problems';
  return 'ok';
}

/**
 * What was asked for: the core checks where any were, for that no secret file lies about is no news of a flow into which
 * nobody could sign in.
 */
function decisive(results: readonly Result[]): readonly Result[] {
  const asked = results.filter((each) => each.asked);
  const core = asked.filter((each) => each.core);
  return core.length > 0 ? core : asked;
}

/**
 * What speaks against a report beside the verdicts of its checks, in words: a report that lists only checks must show
 * these too, or it would be green where the exit code is not 0.
 */
export function shortcomings(report: Parameters<typeof outcome>[0]): string[] {
  const { results, leftovers, strict } = report;
  const left = leftovers.map(({ what, seen }) => `${seen ? 'left behind' : 'perhaps left behind'}: ${what}`);
  const core = strict ? skippedCore(results).map(({ check }) => check) : [];
  const missing = core.length > 0 ? [`not looked at: ${core.join(', ')}`] : [];
  const answered = decisive(results).some(({ verdict }) => verdict !== 'skip');
  return [...left, ...missing, ...(answered ? [] : ['nothing that was asked for ran to a verdict'])];
}

export function exitCode(report: Parameters<typeof outcome>[0]): ExitCode {
  return Exit[outcome(report)];
}

/** What every result says of the check itself. */
export function about(check: AnyCheck): Pick<Result, 'check' | 'title' | 'severity' | 'core' | 'judges'> {
  const { id, title, severity, core = false, judges } = check;
  return { check: id, title, severity, core, ...(judges === undefined ? {} : { judges }) };
}

/** The ruling of a report in the words that every form of it uses. */
export function ruling(report: Report): string {
  return { ok: 'in step', problems: 'out of step', unfinished: 'could not finish' }[outcome(report)];
}

/** What is wrong, the worst first: failed, inconclusive, warned; within these in the order of the run. */
export function worstFirst(results: readonly Result[]): Result[] {
  const rank: Readonly<Partial<Record<Verdict, number>>> = { fail: 0, inconclusive: 1, warn: 2 };
  return results
    .filter(({ verdict }) => rank[verdict] !== undefined)
    .toSorted((a, b) => (rank[a.verdict] ?? 3) - (rank[b.verdict] ?? 3));
}
