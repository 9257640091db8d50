import type { Diagnosis } from '../core/diagnosis.js';
import type { Evidence } from '../core/evidence/evidence.js';
import { printable } from '../core/finding.js';
import type { Style } from '../core/style.js';
import { headline } from './diagnosis.js';
import { matrix } from './matrix.js';

/** What one look says that the look before did not, and what it says no more; `text` is empty where nothing changed. */
export function renderChange(
  before: readonly string[],
  evidence: Evidence,
  diagnosis: Diagnosis,
  at: Date,
  style: Style,
): { readonly text: string; readonly lines: readonly string[] } {
  const lines = [
    headline(diagnosis, style),
    ...matrix(evidence).map(
      ({ who, fingerprint, what }) => `${who}: ${what}${fingerprint === null ? '' : ` (${fingerprint})`}`,
    ),
    ...diagnosis.unseen.map(({ part, failed }) => `could not look at the ${part}: ${printable(failed ?? '')}`),
  ];
  const clock = at.toISOString().slice(11, 19);
  const gone = before.filter((line) => !lines.includes(line)).map((line) => `${clock} - ${line}\n`);
  const come = lines.filter((line) => !before.includes(line)).map((line) => `${clock} + ${line}\n`);
  return { text: [...gone, ...come].join(''), lines };
}
