import type { Finding } from '../core/finding.js';
import type { Report, Result } from '../core/report.js';
import { shortcomings } from '../core/report.js';
import { clean, escaped, evidence } from './shown.js';

/**
 * As JUnit's XML, which CI servers show: a check is a test case; what it found a failure (one element with all of it,
 * some servers read only the first), inconclusive an error, skipped skipped. What speaks against the run beside its
 * checks is a test case too, so that the file is never green where the exit code is not 0.
 */
export function renderJUnit(report: Report): string {
  const { target, results, began, ms, strict } = report;
  const groups = grouped(results);
  const stamp = (at: number) => new Date(began + at).toISOString().slice(0, 19);
  const suites = [...groups].map(([group, cases]) =>
    suite(
      group,
      cases.map((one) => ({ time: one.ms, ...testcase(one, strict) })),
      stamp(Math.min(...cases.map(({ at }) => at))),
    ),
  );
  const wanting = shortcomings(report);
  const run =
    wanting.length === 0
      ? []
      : [
          suite(
            'run',
            wanting.map((text) => ({
              kind: 'error' as const,
              time: 0,
              xml: item('lockstep.run', text, 0, told('error', 'run', text, text)),
            })),
            stamp(0),
          ),
        ];
  const all = [...suites, ...run];
  const sum = (key: 'tests' | 'failures' | 'errors') => all.reduce((total, each) => total + each[key], 0);
  const totals = `tests="${sum('tests')}" failures="${sum('failures')}" errors="${sum('errors')}" time="${seconds(ms)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${escaped(`lockstep check ${target.name}`)}" ${totals}>
${all.map(({ xml }) => xml).join('')}</testsuites>
`;
}

/** By the part of the id before the slash, in the order of the run. */
function grouped(results: readonly Result[]): Map<string, Result[]> {
  const groups = new Map<string, Result[]>();
  for (const result of results) {
    const group = result.check.split('/')[0] as string;
    const known = groups.get(group);
    if (known === undefined) groups.set(group, [result]);
    else known.push(result);
  }
  return groups;
}

interface Case {
  readonly kind: 'passed' | 'failure' | 'error' | 'skipped';
  readonly time: number;
  readonly xml: string;
}

function suite(name: string, cases: readonly Case[], timestamp: string) {
  const of = (kind: Case['kind']) => cases.filter((one) => one.kind === kind).length;
  const counts = { tests: cases.length, failures: of('failure'), errors: of('error') };
  const time = cases.reduce((sum, one) => sum + one.time, 0);
  const xml = `  <testsuite name="${escaped(name)}" tests="${counts.tests}" failures="${counts.failures}" errors="${counts.errors}" skipped="${of('skipped')}" time="${seconds(time)}" timestamp="${timestamp}">
${cases.map((one) => one.xml).join('')}  </testsuite>
`;
  return { ...counts, xml };
}

function testcase(result: Result, strict: boolean): Omit<Case, 'time'> {
  const { check, title, verdict, ms, findings, because = '' } = result;
  const name = `${check}: ${title}`;
  const within = `lockstep.${check.split('/')[0]}`;
  const made = (kind: Case['kind'], inner: string) => ({ kind, xml: item(within, name, ms, inner) });
  const text = findings.map(paragraph).join('\n\n');
  const [first] = findings.toSorted((a, b) => Number(b.level === 'fail') - Number(a.level === 'fail'));
  switch (verdict) {
    case 'pass':
      return made('passed', '');
    case 'skip':
      return made('skipped', told('skipped', null, because, ''));
    case 'inconclusive':
      return made('error', told('error', 'inconclusive', because, because));
    case 'warn':
      if (!strict) return made('passed', `      <system-out>${lines(text)}</system-out>\n`);
      return made('failure', told('failure', first?.code ?? check, first?.text ?? '', text));
    case 'fail':
      return made('failure', told('failure', first?.code ?? check, first?.text ?? '', text));
  }
}

function item(within: string, name: string, ms: number, inner: string): string {
  const head = `    <testcase classname="${escaped(within)}" name="${escaped(name)}" time="${seconds(ms)}"`;
  return inner === '' ? `${head}/>\n` : `${head}>\n${inner}    </testcase>\n`;
}

function told(element: string, type: string | null, message: string, text: string): string {
  const kind = type === null ? '' : ` type="${escaped(type)}"`;
  return `      <${element}${kind} message="${escaped(message)}">${lines(text)}</${element}>\n`;
}

/** Several lines of text, each as it may be shown. */
function lines(text: string): string {
  return text.split('\n').map(escaped).join('\n');
}

function paragraph(finding: Finding): string {
  const { code, text, hint, reproduce } = finding;
  return [
    `${clean(text)}  (${code})`,
    ...(hint === undefined ? [] : [`-> ${clean(hint)}`]),
    ...evidence(finding).map(([name, value]) => `   ${name}: ${clean(value)}`),
    ...(reproduce === undefined ? [] : [`$ ${reproduce}`]),
  ].join('\n');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
