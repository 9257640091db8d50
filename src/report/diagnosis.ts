import type { Diagnosis, Verdict } from '../core/diagnosis.js';
import type { Evidence } from '../core/evidence/evidence.js';
import { printable, visible } from '../core/finding.js';
import type { Style } from '../core/style.js';
import { matrix } from './matrix.js';

/** For a person: the verdict first, then what shows it and what mends it; then what it is not, and what nobody saw. */
export function renderDiagnosis(evidence: Evidence, diagnosis: Diagnosis, style: Style): string {
  const { verdicts, excluded, unseen } = diagnosis;
  const [first, ...others] = verdicts;
  const rows = matrix(evidence);
  const width = Math.max(0, ...rows.map(({ who }) => who.length));
  const lines = [
    headline(diagnosis, style),
    ...(first === undefined ? [] : ['', ...details(first, style)]),
    ...section(
      'also',
      others.flatMap((one) => [
        `${marked(one, style)} ${visible(one.text)}  ${style.quiet(visible(`${one.certainty}, ${one.code}`))}`,
        ...one.fix.map((line) => style.quiet(`  → ${visible(line)}`)),
      ]),
      style,
    ),
    ...section(
      'who holds what',
      rows.map(
        ({ who, what, fingerprint }) =>
          `${visible(who).padEnd(width)}  ${fingerprint === null ? '        ' : style.strong(visible(fingerprint))}  ${visible(what)}`,
      ),
      style,
    ),
    ...section('not it', excluded.map(visible), style),
    ...section(
      'could not look at',
      unseen.map(({ part, failed, hint }) =>
        visible(`${part}: ${printable(failed ?? '')}${hint === undefined ? '' : `; ${hint}`}`),
      ),
      style,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** The outcome in one line. */
export function headline({ verdicts, outcome, unseen }: Diagnosis, style: Style): string {
  const [first] = verdicts;
  if (first !== undefined && outcome === 'problems')
    return `${style.bad(style.strong('out of step'))}: ${visible(first.text)}  ${style.quiet(visible(`${first.certainty}, ${first.code}`))}`;
  if (outcome === 'ok') return `${style.good(style.strong('in step'))}: nothing of what was looked at disagrees`;
  const why =
    first === undefined
      ? `nothing that was seen disagrees, and ${unseen.map(({ part }) => part).join(', ') || 'too little'} could not be seen`
      : `perhaps ${first.text}`;
  return `${style.doubtful(style.strong('open'))}: ${visible(why)}`;
}

function details({ because, means, fix, proof }: Verdict, style: Style): string[] {
  return [
    ...block('evidence', because, style),
    ...block('means', [means], style),
    ...block('fix', fix, style),
    ...block('would prove it', proof === null ? [] : [proof], style),
  ];
}

function block(name: string, lines: readonly string[], style: Style): string[] {
  const indent = 16;
  return lines.map((line, i) => `  ${i === 0 ? style.quiet(name.padEnd(indent)) : ' '.repeat(indent)}${visible(line)}`);
}

function section(name: string, lines: readonly string[], style: Style): string[] {
  return lines.length === 0 ? [] : ['', style.strong(name), ...lines.map((line) => `  ${line}`)];
}

function marked({ certainty, symptom }: Verdict, style: Style): string {
  return certainty === 'possible' || symptom ? style.doubtful('?') : style.bad('✗');
}
