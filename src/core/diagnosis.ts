import type { Evidence, Look } from './evidence/evidence.js';
import type { ExitCode, Outcome } from './exit.js';
import { Exit } from './exit.js';
import type { Data } from './finding.js';
import { fill } from './finding.js';
import type { AnyRule, Certainty, Guilty } from './rule.js';
import { certainties } from './rule.js';

/** One cause that explains what was seen. */
export interface Verdict {
  readonly code: string;
  readonly certainty: Certainty;
  readonly guilty: Guilty;
  readonly text: string;
  readonly because: readonly string[];
  readonly means: string;
  readonly fix: readonly string[];
  readonly proof: string | null;
  /** it tells what is wrong and not why */
  readonly symptom: boolean;
  readonly data: Data;
}

export interface Diagnosis {
  /** the likeliest cause first */
  readonly verdicts: readonly Verdict[];
  /** what the evidence excludes, a sentence each */
  readonly excluded: readonly string[];
  /** what was asked for and could not be looked at */
  readonly unseen: readonly Look[];
  readonly outcome: Extract<Outcome, 'ok' | 'problems' | 'unfinished'>;
}

/** Holds every rule against the evidence. Pure: the same evidence gives the same diagnosis, today and from a file. */
export function diagnose(rules: readonly AnyRule[], evidence: Evidence): Diagnosis {
  const ranked = rules
    .flatMap((rule) => verdictsOf(rule, evidence))
    .sort((a, b) => a.rank - b.rank || b.weight - a.weight);
  const verdicts = ranked.map(({ verdict }) => verdict);
  const excluded = rules.flatMap((rule) => rule.excludes?.(evidence) ?? []);
  const unseen = evidence.looks.filter(({ failed }) => failed !== null);
  return { verdicts, excluded, unseen, outcome: outcomeOf(verdicts, evidence.looks) };
}

interface Ranked {
  readonly verdict: Verdict;
  readonly rank: number;
  readonly weight: number;
}

function verdictsOf(rule: AnyRule, evidence: Evidence): Ranked[] {
  return rule.match(evidence).map((match) => {
    const spec = rule.causes[match.cause];
    const { cause, guilty, data, because } = match;
    const certainty: Certainty = match.certainty ?? spec.certainty;
    const symptom = spec.symptom === true;
    const verdict = {
      code: `diagnose/${rule.id}.${cause}`,
      certainty,
      guilty,
      text: fill(spec.text, data),
      because,
      means: fill(spec.means, data),
      fix: (match.fix ?? spec.fix).map((line: string) => fill(line, data)),
      proof: certainty === 'proven' ? null : (spec.proof ?? null),
      symptom,
      data,
    };
    // a symptom is certain and says little: it goes after causes that are at least likely
    const rank = certainties.indexOf(certainty) + (symptom ? 1.5 : 0);
    return { verdict, rank, weight: spec.weight ?? 50 };
  });
}

/**
 * Never `ok` when nothing was looked at, or less than was asked for. A cause that is only possible leaves the question
 * open.
 */
function outcomeOf(verdicts: readonly Verdict[], looks: readonly Look[]): Diagnosis['outcome'] {
  if (verdicts.some(({ certainty }) => certainty !== 'possible')) return 'problems';
  const whole = looks.length > 0 && looks.every(({ failed, byTheWay }) => failed === null || byTheWay === true);
  return verdicts.length === 0 && whole ? 'ok' : 'unfinished';
}

export function diagnosisExit({ outcome }: Diagnosis): ExitCode {
  return Exit[outcome];
}
