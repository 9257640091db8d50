import type { Report } from '../core/report.js';
import { outcome } from '../core/report.js';

/** A report as one JSON object (`schemaVersion` 1): fields are only ever added. */
export function renderJson(report: Report): string {
  const results = report.results.map(({ check, title, severity, core, verdict, ms, findings, because }) => ({
    check,
    title,
    verdict,
    severity,
    core,
    ms,
    findings,
    ...(because === undefined ? {} : { because }),
  }));
  const { command, target, ms, leftovers } = report;
  return `${JSON.stringify({ schemaVersion: 1, command, outcome: outcome(report), target, results, leftovers, ms }, null, 2)}\n`;
}
