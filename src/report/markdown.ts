import type { Verdict } from '../core/check.js';
import type { Finding } from '../core/finding.js';
import type { Report } from '../core/report.js';
import { outcome, ruling, shortcomings, worstFirst } from '../core/report.js';
import { clean, counted } from './shown.js';

const signs: Readonly<Record<Verdict, string>> = { pass: '✅', warn: '⚠️', fail: '❌', skip: '➖', inconclusive: '❔' };

/** As GitHub's Markdown, for a summary of a job or a comment. What a deployment says stands in code, where nothing is a link. */
export function renderMarkdown(report: Report): string {
  const { target, results, ms } = report;
  const sign = { ok: signs.pass, problems: signs.fail, unfinished: signs.inconclusive }[outcome(report)];
  const wrong = worstFirst(results).flatMap((result) => [
    `- ${signs[result.verdict]} **${code(result.check)}** ${result.verdict}`,
    ...(result.because === undefined ? [] : [`  - ${code(result.because)}`]),
    ...result.findings.flatMap(told),
  ]);
  const rows = results.map(
    ({ check, title, verdict, ms }) =>
      `| ${signs[verdict]} ${verdict} | ${cell(check)} | ${cell(title)} | ${verdict === 'skip' ? '' : `${ms} ms`} |`,
  );
  return `${[
    `## ${sign} lockstep: ${ruling(report)}`,
    '',
    `${counted(report)} in ${(ms / 1000).toFixed(1)} s; target ${code(target.name)}, auth ${code(target.auth)}, api ${target.api === null ? 'none' : code(target.api)}`,
    '',
    ...shortcomings(report).map((text) => `- ❌ ${code(text)}`),
    ...wrong,
    '',
    `<details${outcome(report) === 'ok' ? '' : ' open'}><summary>${results.length} checks</summary>`,
    '',
    '| | check | holds | took |',
    '|--|--|--|--|',
    ...rows,
    '',
    '</details>',
  ].join('\n')}\n`;
}

function told({ code: id, text, hint, reproduce }: Finding): string[] {
  return [
    `  - ${code(text)} (${code(id)})`,
    ...(hint === undefined ? [] : [`    - → ${code(hint)}`]),
    ...(reproduce === undefined ? [] : [`    - ${code(reproduce)}`]),
  ];
}

/**
 * A code span that ends where it should: its fence is longer than any run of backticks inside, and a space that it begins
 * or ends with is not the one that is taken off (CommonMark 6.1).
 */
function code(text: string): string {
  const shown = clean(text);
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const gap = shown === '' || (/^[ `]|[ `]$/.test(shown) && /[^ ]/.test(shown)) ? ' ' : '';
  return `${fence}${gap}${shown}${gap}${fence}`;
}

/**
 * In a table a bar ends the cell, in code as well, unless a backslash stands before it (GitHub Flavored Markdown 4.10).
 * One that stands there already would be taken for the escape of ours, so it is spelled out.
 */
function cell(text: string): string {
  return code(text).replaceAll(/(\\*)\|/g, (_, before: string) =>
    before.length % 2 === 0 ? `${before}\\|` : `${before.slice(1)}\\u{5c}\\|`,
  );
}
