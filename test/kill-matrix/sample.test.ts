import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hasPostgres, startPostgres } from '../support/postgres.js';
import { databasesFor } from './deployment.js';
import type { Golden } from './judge.js';
import { runMatrix, sampleCases } from './matrix.js';

/** The whole of it is `npm run kill-matrix`; a dozen of it shows in every run whether the checks still see. */
test('a sample of the kill matrix: faults caught and their causes named, no false alarm, broken controls leave checks silent', async () => {
  process.setMaxListeners(0);
  const golden = JSON.parse(readFileSync(new URL('./also.json', import.meta.url), 'utf8')) as Golden;
  const postgres = hasPostgres ? await startPostgres() : null;
  try {
    const ground = {
      databases: postgres === null ? [] : await databasesFor(postgres, 2),
      wire: null,
      quickPasswords: true,
      shuffle: () => {},
      signal: new AbortController().signal,
    };
    const { faults, twins, controls } = await runMatrix(sampleCases(), ground, golden, 2, () => {});
    const judged = [...faults, ...twins, ...controls].map((one) => one.judged);
    expect(judged.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
    expect([faults.length, twins.length, controls.length]).toEqual([12, 4, 2]);
    expect(faults.every((one) => one.judged.caught)).toBe(true);
    expect(faults.filter(({ fault, judged }) => judged.named !== (fault.untold === null))).toEqual([]);
  } finally {
    await postgres?.stop();
  }
}, 300_000);
