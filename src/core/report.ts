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
  if (!answered(report.results)) return 'unfinished';
  if (report.strict && (counts.warn > 0 || skippedCore(report.results).length > 0)) return 'problems';
  return 'ok';
}

/** That no secret file lies about is no news of a flow into which nobody could sign in. */
function answered(results: readonly Result[]): boolean {
  const asked = results.filter((each) => each.asked);
  const core = asked.filter((each) => each.core);
  return (core.length > 0 ? core : asked).some(({ verdict }) => verdict === 'pass' || verdict === 'warn');
}

export function exitCode(report: Parameters<typeof outcome>[0]): ExitCode {
  return Exit[outcome(report)];
}

/** What every result says of the check itself. */
export function about(check: AnyCheck): Pick<Result, 'check' | 'title' | 'severity' | 'core' | 'judges'> {
  const { id, title, severity, core = false, judges } = check;
  return { check: id, title, severity, core, ...(judges === undefined ? {} : { judges }) };
}
