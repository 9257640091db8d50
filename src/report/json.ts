import type { Report } from '../core/report.js';
import { outcome } from '../core/report.js';

/** A report as one JSON object (`schemaVersion` 1): fields are only ever added. */
export function renderJson(report: Report): string {
  const results = report.results.map(({ check, title, severity, core, verdict, at, ms, findings, because }) => ({
    check,
    title,
    verdict,
    severity,
    core,
    at,
    ms,
    findings,
    ...(because === undefined ? {} : { because }),
  }));
  const { command, target, began, ms, leftovers } = report;
  return `${JSON.stringify({ schemaVersion: 1, command, outcome: outcome(report), target, results, leftovers, began: new Date(began).toISOString(), ms }, null, 2)}\n`;
}
