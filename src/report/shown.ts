import type { Verdict } from '../core/check.js';
import type { Finding } from '../core/finding.js';
import { visible } from '../core/finding.js';
import type { Report } from '../core/report.js';
import { tally } from '../core/report.js';

/** How many of each verdict, worst first, those that are none left out. */
export function counted({ results }: Report): string {
  const counts = tally(results);
  const words: readonly [Verdict, string][] = [
    ['fail', 'failed'],
    ['inconclusive', 'inconclusive'],
    ['warn', 'warned'],
    ['pass', 'passed'],
    ['skip', 'skipped'],
  ];
  return words.flatMap(([verdict, word]) => (counts[verdict] > 0 ? [`${counts[verdict]} ${word}`] : [])).join(', ');
}

/** Text for a document of XML or HTML: nothing invisible, nothing that moves a cursor, nothing that XML 1.0 forbids. */
export function escaped(text: string): string {
  return clean(text).replaceAll(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** As `visible`, without what no encoding carries: halves of pairs, non-characters. */
export function clean(text: string): string {
  return visible(text.toWellFormed()).replaceAll(/[\ufffe\uffff]/g, '\ufffd');
}

/** The evidence of a finding, one line each. */
export function evidence({ data }: Finding): [name: string, value: string][] {
  return Object.entries(data).map(([name, value]) => [name, String(value)]);
}
