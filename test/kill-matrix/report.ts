import type { FaultCase } from './cases.js';
import type { Judged, JudgedFault } from './judge.js';
import type { Matrix } from './matrix.js';

/** `faults caught n/n, false alarms 0/m` and what else there is to say in a line. */
export function summary({ faults, twins, controls, unchecked, skipped, cut }: Matrix): string {
  const caught = faults.filter(({ judged }) => judged.caught).length;
  const alarms = twins.filter(({ judged }) => judged.wrong.length > 0).length;
  const open = controls.filter(({ judged }) => judged.wrong.length > 0).length;
  const beside = faults.filter(({ judged }) => judged.caught && judged.wrong.length > 0).length;
  return [
    `faults caught ${caught}/${faults.length}`,
    causesNamed(faults),
    `false alarms ${alarms}/${twins.length}`,
    `controls mistaken ${open}/${controls.length}`,
    ...(beside > 0 ? [`${beside} caught with verdicts beside that nobody has reviewed`] : []),
    ...(skipped.length > 0 ? [`${skipped.length} twins not built here: ${skipped[0]?.because}`] : []),
    ...(unchecked.length > 0 ? [`${unchecked.length} planted without a check`] : []),
    ...(cut > 0 ? [`${cut} cut short, of which nothing is said`] : []),
  ].join(', ');
}

/** How many reports name the cause of the fault, of those whose cause can be told. */
export function causesNamed(faults: Matrix['faults']): string {
  const tellable = faults.filter(({ fault }) => fault.untold === null);
  const named = tellable.filter(({ judged }) => judged.named).length;
  const untold = faults.length - tellable.length;
  return `causes named ${named}/${tellable.length}${untold > 0 ? ` (${untold} cannot be told from outside)` : ''}`;
}

/** Of a hundred reports of other checks, how many a pattern fits by chance: patterns that fit anything would prove nothing. */
export function strays(faults: Matrix['faults']): number {
  const pairs = faults.flatMap(({ fault }) =>
    faults.filter((other) => other.fault.check !== fault.check).map(({ judged }) => fault.cause.test(judged.said)),
  );
  return pairs.length === 0 ? 0 : Math.round((100 * pairs.filter(Boolean).length) / pairs.length);
}

/** Whole: every case came to its end and is as it should be, and there were cases. */
export function whole({ faults, twins, controls, cut }: Matrix): boolean {
  const all = [...faults, ...twins, ...controls].map(({ judged }) => judged);
  return cut === 0 && faults.length > 0 && twins.length > 0 && all.every(({ wrong }) => wrong.length === 0);
}

/** docs/kill-matrix.md: no times and no dates, so that a difference is one. */
export function page(matrix: Matrix): string {
  const { faults, twins, controls, unchecked } = matrix;
  return `# Kill matrix

Made by \`npm run kill-matrix\`: each planted fault alone on a deployment of its own, every check against it. The check named
must give the verdict owed, and no other verdict may change but those in \`test/kill-matrix/also.json\`. Healthy deployments
that look suspicious must give no finding but the warnings listed. Where a part is broken that a check stands on, the check
must say nothing: neither pass nor fail.

${summary(matrix)}.

## Faults

| fault | what | check | verdict | besides |
| -- | -- | -- | -- | -- |
${rows(faults.map(({ fault, judged }) => [fault.id, fault.what, code(fault.check), verdictOf(judged), list(judged.also)]))}
${rows(unchecked.map(({ id, what, check }) => [id, what, code(check), 'no check', '']))}

## Healthy twins

| twin | what | warnings | |
| -- | -- | -- | -- |
${rows(twins.map(({ twin, judged }) => [twin.id, twin.what, list(judged.also), mistakes(judged)]))}

## Broken controls

| control | what | what still has a verdict | |
| -- | -- | -- | -- |
${rows(controls.map(({ control, judged }) => [control.id, control.what, list(judged.also), mistakes(judged)]))}

${causesSection(faults)}`.replaceAll(/\n{3,}/g, '\n\n');
}

const heading = '## Causes';

/** The end of the page: a run that looks at nothing else writes it anew. */
function causesSection(faults: Matrix['faults']): string {
  const others = faults.filter(({ judged }) => !judged.named);
  return `${heading}

A report names the cause where what it prints of its findings, hints included, fits the pattern of the fault in
\`test/kill-matrix/causes.ts\`, which was written from the description of the fault and not from the report
(docs/decisions/170). \`npm run kill-matrix -- --causes\` asks each check about its own faults alone.

${causesNamed(faults)}. A pattern fits ${strays(faults)} in 100 reports of other checks.
${others.length === 0 ? '' : `\n| fault | what | check | cause |\n| -- | -- | -- | -- |\n${rows(others.map(({ fault, judged }) => [fault.id, fault.what, code(fault.check), causeOf(fault, judged)]))}\n`}`;
}

/** The page with another end. */
export function withCauses(text: string, faults: Matrix['faults']): string {
  const at = text.indexOf(heading);
  return `${at === -1 ? `${text.trimEnd()}\n\n` : text.slice(0, at)}${causesSection(faults)}`;
}

function rows(cells: readonly (readonly string[])[]): string {
  return cells.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
}

function verdictOf(judged: Judged & { readonly got: string | null }): string {
  return judged.wrong.length === 0 ? (judged.got ?? '') : `**${judged.wrong.join('; ')}**`;
}

function causeOf({ untold }: FaultCase, { named }: JudgedFault): string {
  return untold ?? (named ? 'named' : '**not named**');
}

function mistakes({ wrong }: Judged): string {
  return wrong.length === 0 ? 'as it should be' : `**${wrong.join('; ')}**`;
}

/** In an order of its own: in that in which checks end, each run would look like another. */
function list(also: Readonly<Record<string, string>>): string {
  return Object.entries(also)
    .map(([check, verdict]) => `${check} ${verdict}`)
    .sort()
    .join(', ');
}

function code(text: string): string {
  return `\`${text}\``;
}
