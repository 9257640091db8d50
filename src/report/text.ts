import type { Verdict } from '../core/check.js';
import type { Finding } from '../core/finding.js';
import { printable } from '../core/finding.js';
import type { Report, Result } from '../core/report.js';
import { outcome, ruling, skippedCore, tally, worstFirst } from '../core/report.js';
import type { Style } from '../core/style.js';

/**
 * A report for a person: one line a check, findings with their hints, then one line that sums up. `brief`: only what is
 * wrong, and that line.
 */
export function renderText(report: Report, style: Style, brief = false): string {
  const { target } = report;
  const results = brief ? worstFirst(report.results) : report.results;
  const width = Math.max(0, ...results.map(({ check }) => check.length));
  const head = [
    `${style.strong('lockstep check')}  ${target.name}`,
    `  auth  ${target.auth}`,
    `  api   ${target.api ?? style.quiet('none given')}`,
    '',
  ];
  const lines = [
    ...(brief ? [] : head),
    ...results.flatMap((result) => renderResult(result, width, style)),
    ...(brief ? [] : ['']),
    ...report.leftovers.map(({ what, seen }) =>
      style.bad(`${seen ? 'left behind' : 'perhaps left behind'}: ${printable(what)}`),
    ),
    summary(report, style),
  ];
  return `${lines.join('\n')}\n`;
}

const marks: Readonly<Record<Verdict, string>> = { pass: '✓', warn: '!', fail: '✗', skip: '-', inconclusive: '?' };
const words: Readonly<Record<Verdict, string>> = {
  pass: 'pass',
  warn: 'warn',
  fail: 'FAIL',
  skip: 'skip',
  inconclusive: 'open',
};

/** One check: its line, and beneath it what was found or why it says nothing. */
export function renderResult(result: Result, width: number, style: Style): string[] {
  const { verdict, check, title, ms, findings, because } = result;
  const paint = painter(verdict, style);
  const time = verdict === 'skip' || ms === 0 ? '' : style.quiet(`  ${ms} ms`);
  const head = `  ${paint(`${marks[verdict]} ${words[verdict]}`)}  ${check.padEnd(width)}  ${verdict === 'skip' ? style.quiet(title) : title}${time}`;
  const why = because === undefined ? [] : [style.quiet(`          ${printable(because)}`)];
  return [head, ...why, ...findings.flatMap((finding) => renderFinding(finding, style))];
}

function renderFinding({ code, text, hint, level, reproduce }: Finding, style: Style): string[] {
  const paint = level === 'fail' ? style.bad : style.doubtful;
  const lines = [`          ${paint(text)}  ${style.quiet(code)}`];
  if (hint !== undefined) lines.push(`          ${style.quiet('→')} ${hint}`);
  if (reproduce !== undefined) lines.push(`          ${style.quiet(`$ ${reproduce}`)}`);
  return lines;
}

function painter(verdict: Verdict, style: Style): (text: string) => string {
  if (verdict === 'pass') return style.good;
  if (verdict === 'fail') return style.bad;
  return verdict === 'skip' ? style.quiet : style.doubtful;
}

function summary(report: Report, style: Style): string {
  const counts = tally(report.results);
  const said = [
    `${counts.pass} passed`,
    `${counts.fail} failed`,
    ...(counts.warn > 0 ? [`${counts.warn} warned`] : []),
    ...(counts.inconclusive > 0 ? [`${counts.inconclusive} inconclusive`] : []),
    ...(counts.skip > 0 ? [`${counts.skip} skipped`] : []),
  ].join(', ');
  const core = skippedCore(report.results).map(({ check }) => check);
  const missing = core.length > 0 ? `; not looked at: ${core.join(', ')}` : '';
  const ended = outcome(report);
  const paint = ended === 'ok' ? style.good : ended === 'problems' ? style.bad : style.doubtful;
  return `${paint(style.strong(ruling(report)))}: ${said} in ${(report.ms / 1000).toFixed(1)} s${missing}`;
}
