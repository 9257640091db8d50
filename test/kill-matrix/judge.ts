import type { ControlCase, FaultCase, TwinCase } from './cases.js';
import type { Verdicts } from './deployment.js';

/**
 * What else a case changes, reviewed by a person: verdicts by check. A text must be so, one of a list may be; `*` is any
 * other check, where chance says which request meets the fault. For a fault: verdicts besides that of its check. For a twin: its warnings. For a control: what does not hang on the broken
 * part, or is about it.
 */
export type Also = Readonly<Record<string, string | readonly string[]>>;
export interface Golden {
  readonly faults: Readonly<Record<string, Also>>;
  readonly twins: Readonly<Record<string, Also>>;
  readonly controls: Readonly<Record<string, Also>>;
}

/** What a case came to. `wrong` is empty when it is as it should be. */
export interface Judged {
  readonly id: string;
  readonly wrong: readonly string[];
  /** what the case has for the golden file, as it went */
  readonly also: Readonly<Record<string, string>>;
}

export type JudgedFault = Judged & {
  readonly got: string | null;
  readonly caught: boolean;
  /** whether the report names the cause */
  readonly named: boolean;
  /** the report of the check that saw it */
  readonly said: string;
};

/** Skipped where what they look at is over before they have seen enough of it, which is a matter of how busy a machine is. */
const quick = ['refresh/stream-survives-token-expiry', 'transport/sse-not-buffered'];

function onlyQuicker(check: string, one?: string, other?: string): boolean {
  return quick.includes(check) && [one, other].every((verdict) => verdict === 'pass' || verdict === 'skip');
}

/**
 * The named check gives the verdict that it owes, or was skipped for want of the one that saw the fault first; its report
 * names the cause; and beside it only what is known changes.
 */
export function judgeFault(fault: FaultCase, healthy: Verdicts, planted: Verdicts, golden: Golden): JudgedFault {
  const { id, check, expect } = fault;
  const { by, got, named, said, wrong } = judgeCause(fault, planted);
  const before = healthy[by]?.verdict;
  if (before === expect) wrong.push(`${by}: ${expect} without the fault, too${because(healthy, by)}`);
  const also = Object.fromEntries(
    Object.entries(planted)
      .filter(([name, { verdict }]) => name !== check && name !== by && verdict !== healthy[name]?.verdict)
      .filter(([name, { verdict }]) => !follows(planted, name) && !onlyQuicker(name, verdict, healthy[name]?.verdict))
      .map(([name, { verdict }]) => [name, verdict]),
  );
  wrong.push(...compared(also, golden.faults[id] ?? {}, planted, healthy));
  return { id, wrong, also, got, caught: got === expect && before !== expect, named, said };
}

/** Who saw the fault, what they owed and gave, and whether their report names the cause. */
export function judgeCause(
  { id, check, expect, earlier, cause, untold }: FaultCase,
  planted: Verdicts,
): JudgedFault & { readonly by: string; readonly wrong: string[] } {
  const forestalls = (other: string) => planted[other]?.verdict === 'fail' && follows(planted, check);
  const by = earlier.find(forestalls) ?? check;
  const got = planted[by]?.verdict ?? null;
  const caught = got === expect;
  const said = planted[by]?.said ?? '';
  const named = caught && cause.test(said);
  const wrong = caught ? [] : [`${check}: ${got ?? 'not there'} instead of ${expect}${because(planted, check)}`];
  if (caught && !named && untold === null) wrong.push(`${by}: does not name the cause: ${said}`);
  if (named && untold !== null) wrong.push(`${by}: names the cause, which could not be told: ${said}`);
  return { id, by, wrong, also: {}, got, caught, named, said };
}

/** Not one false alarm: nothing fails, nothing stays open, the warnings are the known ones. */
export function judgeTwin({ id }: TwinCase, seen: Verdicts, golden: Golden): Judged {
  const of = (...wanted: string[]) => Object.entries(seen).filter(([, { verdict }]) => wanted.includes(verdict));
  const wrong = of('fail', 'inconclusive').map(([check, { verdict }]) => `${check}: ${verdict}${because(seen, check)}`);
  if (of('pass').length === 0) wrong.push('nothing passed at all');
  const also = Object.fromEntries(of('warn').map(([check, { verdict }]) => [check, verdict]));
  wrong.push(...compared(also, golden.twins[id] ?? {}, seen));
  return { id, wrong, also };
}

/** Nothing is said about a part that cannot be looked at: skipped or inconclusive, but for what is known not to need it. */
export function judgeControl({ id }: ControlCase, seen: Verdicts, golden: Golden): Judged {
  const also = Object.fromEntries(
    Object.entries(seen)
      .filter(([, { verdict }]) => verdict !== 'skip' && verdict !== 'inconclusive')
      .map(([check, { verdict }]) => [check, verdict]),
  );
  const wrong = [...compared(also, golden.controls[id] ?? {}, seen)];
  if (Object.keys(seen).length === 0) wrong.push('nothing was asked');
  return { id, wrong, also };
}

/** What differs from what is known, in both directions. */
function compared(
  also: Readonly<Record<string, string>>,
  known: Also,
  seen: Verdicts,
  healthy: Verdicts | null = null,
): string[] {
  const otherwise = (check: string) => {
    const before = healthy?.[check];
    return before === undefined || before.verdict === 'pass'
      ? ''
      : `; else ${before.verdict}${because(healthy ?? {}, check)}`;
  };
  const unknown = Object.entries(also).filter(
    ([check, verdict]) => ![known[check] ?? known['*'] ?? []].flat().includes(verdict),
  );
  const gone = Object.entries(known).filter(([check, verdict]) => typeof verdict === 'string' && !(check in also));
  return [
    ...unknown.map(
      ([check, verdict]) => `${check}: ${verdict}, which nobody has reviewed${because(seen, check)}${otherwise(check)}`,
    ),
    ...gone.map(([check, verdict]) => `${check}: no longer ${verdict}${because(seen, check)}`),
  ];
}

/** A check that was skipped because another one gave it nothing: its verdict is the other one's. */
function follows(seen: Verdicts, check: string): boolean {
  const { verdict, why } = seen[check] ?? {};
  return verdict === 'skip' && why !== undefined && /^needs [a-z-]+\/[a-z-]+, which /.test(why);
}

function because(seen: Verdicts, check: string): string {
  const why = seen[check]?.why;
  return why ? ` (${why})` : '';
}
