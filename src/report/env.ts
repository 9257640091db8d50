import type { Finding } from '../core/finding.js';
import { printable } from '../core/finding.js';
import type { Leftover, Result } from '../core/report.js';
import { outcome, tally } from '../core/report.js';
import type { Style } from '../core/style.js';
import type { Service } from '../env-file/halves/service.js';
import { renderResult } from './text.js';

/** What `env check` came to. */
export interface EnvReport {
  readonly services: readonly Service[];
  readonly results: readonly Result[];
  /** what `--fix` changed, one line a file */
  readonly fixed: readonly string[];
  readonly leftovers: readonly Leftover[];
  readonly strict: boolean;
}

/** For a person: which files are read, what was found at which place, and one line that sums up. */
export function renderEnv(report: EnvReport, style: Style): string {
  const { services, results, fixed } = report;
  const width = Math.max(0, ...results.map(({ check }) => check.length));
  const counts = tally(results);
  const ended = outcome(report);
  const paint = ended === 'ok' ? style.good : ended === 'problems' ? style.bad : style.doubtful;
  const words = { ok: 'in step', problems: 'out of step', unfinished: 'nothing to compare' }[ended];
  const findings = results.flatMap((result) => result.findings).length;
  const lines = [
    style.strong('lockstep env check'),
    ...services.map(
      (service) => `  ${service.side.padEnd(8)}  ${service.loader.title.padEnd(16)}  ${filesOf(service, style)}`,
    ),
    '',
    ...fixed.map((line) => `  ${style.good('mended')}  ${printable(line)}`),
    ...(fixed.length > 0 ? [''] : []),
    ...results.flatMap((result) =>
      renderResult({ ...result, findings: [] }, width, style).concat(
        result.findings.flatMap((each) => renderPlaced(each, style)),
      ),
    ),
    '',
    `${paint(style.strong(words))}: ${counts.pass + counts.warn} of ${results.length - counts.skip} hold, ${findings} finding${findings === 1 ? '' : 's'}`,
  ];
  return `${lines.join('\n')}\n`;
}

function filesOf({ files }: Service, style: Style): string {
  const there = files.filter(({ found }) => found.kind !== 'absent').map(({ path }) => printable(path));
  const absent = files.filter(({ found }) => found.kind === 'absent').map(({ path }) => printable(path));
  if (there.length === 0) return style.quiet(`none of ${absent.join(', ')}`);
  return there.join(', ');
}

function renderPlaced({ code, level, text, hint, data }: Finding, style: Style): string[] {
  const indent = ' '.repeat(10);
  const paint = level === 'fail' ? style.bad : style.doubtful;
  const { file, line, column, excerpt } = data;
  const place =
    line === undefined
      ? []
      : [
          `${indent}${style.quiet(`at ${printable([file, line, column].filter((each) => each !== undefined).join(':'))}`)}`,
        ];
  const shown = typeof excerpt === 'string' ? excerpt.split('\n').map((each) => `${indent}  ${printable(each)}`) : [];
  return [
    `${indent}${paint(text)}  ${style.quiet(code)}`,
    ...place,
    ...shown,
    ...(hint === undefined ? [] : [`${indent}${style.quiet('→')} ${hint}`]),
  ];
}

/** As one JSON object (`schemaVersion` 1): fields are only ever added. */
export function renderEnvJson(report: EnvReport): string {
  const services = report.services.map(({ side, loader, files }) => ({
    side,
    loader: loader.name,
    files: files.map(({ path, found }) => ({ path, found: found.kind })),
  }));
  const results = report.results.map(({ check, title, verdict, severity, ms, findings, because }) => ({
    check,
    title,
    verdict,
    severity,
    ms,
    findings,
    ...(because === undefined ? {} : { because }),
  }));
  const body = {
    schemaVersion: 1,
    command: 'env check',
    outcome: outcome(report),
    services,
    results,
    fixed: report.fixed,
  };
  return `${JSON.stringify(body, null, 2)}\n`;
}
