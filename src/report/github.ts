import type { Report } from '../core/report.js';
import { shortcomings, worstFirst } from '../core/report.js';
import { workflowCommand } from '../core/workflow-command.js';
import { clean } from './shown.js';

/** so many of each level are shown for a step */
const most = 10;

/** As annotations of GitHub Actions, the worst first, and no more than are shown. */
export function renderGithub(report: Report): string {
  const told = [
    ...shortcomings(report).map((text) => ({ level: 'error', title: 'lockstep', text })),
    ...worstFirst(report.results).flatMap(({ check, because, findings, verdict }) =>
      verdict === 'inconclusive'
        ? [{ level: 'error', title: `${check} is inconclusive`, text: because ?? '' }]
        : findings.map(({ code, level, text, hint }) => ({
            level: level === 'fail' || report.strict ? 'error' : 'warning',
            title: code,
            text: hint === undefined ? text : `${clean(text)}\n→ ${clean(hint)}`,
          })),
    ),
  ];
  return ['error', 'warning']
    .flatMap((level) => {
      const all = told.filter((one) => one.level === level);
      // the last place says that there is more
      const shown = all.length > most ? all.slice(0, most - 1) : all;
      const rest = all.length - shown.length;
      return rest === 0 ? shown : [...shown, { level, title: 'lockstep', text: `${rest} more of this kind` }];
    })
    .map(({ level, title, text }) =>
      workflowCommand(level, { title: clean(title) }, text.split('\n').map(clean).join('\n')),
    )
    .join('');
}
