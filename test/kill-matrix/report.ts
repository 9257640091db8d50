import type { Judged } from './judge.js';
import type { Matrix } from './matrix.js';

/** `faults caught n/n, false alarms 0/m` and what else there is to say in a line. */
export function summary({ faults, twins, controls, unchecked, skipped, cut }: Matrix): string {
  const caught = faults.filter(({ judged }) => judged.caught).length;
  const alarms = twins.filter(({ judged }) => judged.wrong.length > 0).length;
  const open = controls.filter(({ judged }) => judged.wrong.length > 0).length;
  const beside = faults.filter(({ judged }) => judged.caught && judged.wrong.length > 0).length;
  return [
    `faults caught ${caught}/${faults.length}`,
    `false alarms ${alarms}/${twins.length}`,
    `controls mistaken ${open}/${controls.length}`,
    ...(beside > 0 ? [`${beside} caught with verdicts beside that nobody has reviewed`] : []),
    ...(skipped.length > 0 ? [`${skipped.length} twins not built here: ${skipped[0]?.because}`] : []),
    ...(unchecked.length > 0 ? [`${unchecked.length} planted without a check`] : []),
    ...(cut > 0 ? [`${cut} cut short, of which nothing is said`] : []),
  ].join(', ');
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
`.replaceAll(/\n{3,}/g, '\n\n');
}

function rows(cells: readonly (readonly string[])[]): string {
  return cells.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
}

function verdictOf(judged: Judged & { readonly got: string | null }): string {
  return judged.wrong.length === 0 ? (judged.got ?? '') : `**${judged.wrong.join('; ')}**`;
}

function mistakes({ wrong }: Judged): string {
  return wrong.length === 0 ? 'as it should be' : `**${wrong.join('; ')}**`;
}

function list(also: Readonly<Record<string, string>>): string {
  return Object.entries(also)
    .map(([check, verdict]) => `${check} ${verdict}`)
    .join(', ');
}

function code(text: string): string {
  return `\`${text}\``;
}
