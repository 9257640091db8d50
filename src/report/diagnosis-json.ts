import type { Diagnosis } from '../core/diagnosis.js';
import type { Evidence } from '../core/evidence/evidence.js';
import { matrix } from './matrix.js';

/** As one JSON object (`schemaVersion` 1): fields are only ever added. */
export function renderDiagnosisJson(evidence: Evidence, { verdicts, excluded, unseen, outcome }: Diagnosis): string {
  const findings = verdicts.map(({ code, certainty, text, fix, data, guilty }) => ({
    code,
    level: certainty === 'possible' ? 'warn' : 'fail',
    text,
    ...(fix[0] === undefined ? {} : { hint: fix[0] }),
    data: { ...data, certainty, guilty },
  }));
  const results = [
    {
      check: 'diagnose',
      title: 'both sides are in step',
      verdict: outcome === 'ok' ? 'pass' : outcome === 'problems' ? 'fail' : 'inconclusive',
      severity: 'critical',
      ms: 0,
      findings,
    },
    ...unseen.map(({ part, failed }) => ({
      check: `diagnose/${part.replaceAll(' ', '-')}`,
      title: `the ${part} can be looked at`,
      verdict: 'inconclusive',
      severity: 'critical',
      ms: 0,
      findings: [],
      because: failed,
    })),
  ];
  const body = {
    schemaVersion: 1,
    command: 'diagnose',
    outcome,
    results,
    verdicts,
    excluded,
    looks: evidence.looks,
    held: matrix(evidence),
  };
  return `${JSON.stringify(body, null, 2)}\n`;
}
