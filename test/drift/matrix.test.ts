import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Trust } from '../../src/demo/protocol.js';
import type { Cause } from './cause.js';
import { healthy } from './causes/healthy.js';
import { otherCauses } from './causes/other.js';
import { secretCauses } from './causes/secret.js';
import { Ground } from './ground.js';
import { hasPythonDotenv } from './loaders.js';
import { Builder } from './run.js';

const asked = process.env.LOCKSTEP_DRIFT;
const all = asked === 'all';
const python = hasPythonDotenv();
/** What every run of the tests builds; `npm run drift-matrix` builds all. */
const sample = new Set(asked?.split(',') ?? ['plain', '2b', '10', '16', '22', '34', '37', '43', 'none', 'no account']);

interface Row {
  readonly cause: Cause;
  readonly trust: Trust;
}

const rows: readonly Row[] = [...secretCauses, ...otherCauses, ...healthy]
  .filter(({ row }) => all || sample.has(row))
  // counted as skipped where Python's dotenv is not installed
  .filter(({ backend }) => python || backend.loader !== 'python-dotenv')
  .flatMap((cause) => cause.trust.map((trust) => ({ cause, trust })))
  // a frontend that several need alike is started once
  .toSorted((a, b) => keyOf(a).localeCompare(keyOf(b)));

function keyOf({ cause, trust }: Row): string {
  return `${trust} ${cause.after === undefined ? 0 : 1} ${JSON.stringify(cause.frontend)}`;
}

it.skipIf(python)('what python-dotenv reads: python3-dotenv is not installed', () => {});

describe('a diagnosis names the cause that was built', () => {
  const ground = new Ground();
  const builder = new Builder(ground);
  const told: { row: Row; said: string | null; right: boolean }[] = [];
  beforeAll(() => ground.start());
  afterAll(async () => {
    await ground.stop();
    const named = told.filter(({ row }) => row.cause.expect !== null);
    const well = told.filter(({ row }) => row.cause.expect === null);
    const right = named.filter((one) => one.right).length;
    const wrong = well.filter((one) => !one.right).length;
    const line = `named ${right}/${named.length}, false verdicts ${wrong}/${well.length}`;
    if (all) {
      process.stdout.write(`${line}\n`);
      writeFileSync(path.resolve(import.meta.dirname, '../../docs/drift-matrix.md'), page(line));
    }
  });

  /** The evidence as an example of the rule: `test/rules/<rule>/<cause>.json`, once for each cause. */
  function keep({ expect: code, row }: Cause, trust: Trust): void {
    const [rule = '', cause = ''] =
      code === null ? ['healthy', `${row} ${trust}`.replaceAll(/\W+/g, '-')] : code.split('.');
    const folder = path.resolve(import.meta.dirname, '../rules', rule);
    const file = path.join(folder, `${cause}.json`);
    if (existsSync(file)) return;
    mkdirSync(folder, { recursive: true });
    // on one line: a hundred of them are as long as the rest of the tests otherwise
    const evidence = JSON.parse(readFileSync(path.join(ground.folder, 'evidence.json'), 'utf8'));
    writeFileSync(file, `${JSON.stringify(evidence)}\n`);
  }

  function page(line: string): string {
    const lines = told
      .toSorted((a, b) => Number(a.row.cause.expect === null) - Number(b.row.cause.expect === null))
      .map(
        ({ row: { cause, trust }, said, right }) =>
          `| ${cause.row} | ${cause.what} | ${trust} | ${said === null ? 'in step' : `\`${said}\``} | ${right ? 'yes' : '**no**'} |`,
      );
    return [
      '# What a diagnosis names\n',
      "Each cause is built for real: files are written, the demo's Better Auth and an API are started with them, rows are encrypted,",
      'replicas stand behind a round-robin. Written by `npm run drift-matrix`.\n',
      `${line}\n`,
      '| row | built | trust | first verdict | right |',
      '| --- | --- | --- | --- | --- |',
      ...lines,
      '',
    ].join('\n');
  }

  it.each(rows.map((row) => ({ ...row, name: `${row.cause.row}: ${row.cause.what} (${row.trust})` })))(
    '$name',
    async ({ cause, trust }) => {
      const { code, json, out, err } = await builder.diagnose(cause, trust);
      const first = json?.verdicts?.[0];
      const said = first === undefined ? null : String(first.code).slice('diagnose/'.length);
      const right = said === cause.expect && (cause.variant === undefined || first.data.variant === cause.variant);
      told.push({ row: { cause, trust }, said, right });
      if (all && right) keep(cause, trust);
      const shown = JSON.stringify({ verdicts: json?.verdicts, held: json?.held, unseen: json?.looks }, null, 1);
      expect(said, json === undefined ? out + err : shown).toBe(cause.expect);
      if (cause.variant !== undefined) expect(first.data.variant).toBe(cause.variant);
      expect(code, shown).toBe(cause.expect === null ? 0 : first.certainty === 'possible' ? 3 : 1);
    },
  );
});
