import { printable } from '../core/finding.js';
import type { Report, Result } from '../core/report.js';
import { outcome } from '../core/report.js';
import type { Noted } from '../core/reproduce.js';
import { clean } from './shown.js';

/** A line of `--ndjson`: one event of a run, as JSON. Fields and events are only ever added. */
function line(event: string, fields: object): string {
  return `${JSON.stringify({ event, ...fields })}\n`;
}

export function renderStart(check: string, at: number): string {
  return line('start', { check, at });
}

export function renderResultEvent(result: Result): string {
  return line('result', result);
}

/** The last line; without it the run was cut. */
export function renderEnd(report: Report): string {
  const { command, target, began, ms, leftovers } = report;
  const ended = { schemaVersion: 1, command, outcome: outcome(report), target, leftovers };
  return line('end', { ...ended, began: new Date(began).toISOString(), ms });
}

/** A line of `-v`. */
export function renderExchange(check: string, { method, url, status, ms }: Noted): string {
  return `  ${check}  ${printable(method)} ${clean(url.split('?')[0] ?? '')} ${status} (${ms} ms)\n`;
}
