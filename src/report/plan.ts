import type { Step } from '../core/plan.js';

/** The plan as it would run: one line a check, or one JSON object. */
export function renderPlan(steps: readonly Step[], json: boolean): string {
  const rows = steps.map(({ check, after, barred }) => ({
    check: check.id as string,
    title: check.title as string,
    severity: check.severity as string,
    impact: check.impact as string,
    needs: after.map(({ id }) => id as string),
    ...(barred === null ? {} : { barred }),
  }));
  if (json) return `${JSON.stringify({ schemaVersion: 1, command: 'check', plan: rows }, null, 2)}\n`;
  const width = Math.max(0, ...rows.map(({ check }) => check.length));
  const lines = rows.map(({ check, title, severity, impact, barred }) => {
    const why = barred === undefined ? '' : `  (skipped: ${barred})`;
    return `${check.padEnd(width)}  ${severity.padEnd(8)}  ${impact.padEnd(7)}  ${title}${why}`;
  });
  return `${lines.join('\n')}\n`;
}
