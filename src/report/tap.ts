import type { Report, Result } from '../core/report.js';
import { shortcomings } from '../core/report.js';
import { clean } from './shown.js';

/** As TAP version 14: a check is a test point; inconclusive is not ok. What speaks against the run is a point too. */
export function renderTap(report: Report): string {
  const points = [
    ...report.results.map((result) => point(result, report.strict)),
    ...shortcomings(report).map((text) => ({ ok: false, text, directive: '', block: {} })),
  ];
  const lines = points.map(
    ({ ok, text, directive, block }, i) =>
      `${ok ? 'ok' : 'not ok'} ${i + 1} - ${described(text)}${directive}\n${yaml(block)}`,
  );
  return `TAP version 14\n1..${points.length}\n${lines.join('')}`;
}

function point({ check, title, verdict, findings, because, ms, severity }: Result, strict: boolean) {
  const block = { verdict, severity, duration_ms: ms, ...(because === undefined ? {} : { because }), findings };
  return {
    ok: verdict === 'pass' || verdict === 'skip' || (verdict === 'warn' && !strict),
    text: `${check}: ${title}`,
    directive: verdict === 'skip' ? ` # SKIP ${described(because ?? '')}` : '',
    block: verdict === 'pass' || verdict === 'skip' ? {} : block,
  };
}

function described(text: string): string {
  return clean(text).replaceAll(/[\\#]/g, (c) => `\\${c}`);
}

/** JSON is YAML, and each value on a line of its own cannot end the block. Texts are cleaned before they are escaped. */
function yaml(block: object): string {
  const entries = Object.entries(block);
  if (entries.length === 0) return '';
  const lines = entries.map(([key, value]) => `  ${key}: ${JSON.stringify(value, cleaned)}\n`);
  return `  ---\n${lines.join('')}  ...\n`;
}

function cleaned(_: string, value: unknown): unknown {
  if (typeof value === 'string') return clean(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [clean(name), each]));
}
