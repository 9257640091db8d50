import { drift } from '../../auth-schema/drift.js';
import { expectedTables } from '../../auth-schema/expected.js';
import { ledgerFindings, shapeFinding } from '../../auth-schema/problems.js';
import { course } from '../../io/db/plan.js';
import { liveTables } from '../../io/db/rows.js';
import type { SchemaResult } from '../../report/migrate.js';
import { defineCommand } from '../command.js';
import { declareDatabase, declareLayout, type Options } from './options.js';
import { inSession } from './session.js';

export default defineCommand<Options>({
  declare(commander) {
    declareLayout(declareDatabase(commander)).addHelpText(
      'after',
      '\nCompares the live tables with what they should be, and opens the rows of jwks with the secret of the environment.\n\nExamples:\n  $ lockstep migrate drift\n  $ BETTER_AUTH_SECRET=... lockstep migrate drift --json',
    );
  },
  run: (call) =>
    inSession(call, 'drift', async ({ db, seen, asked }) => {
      const { layout, sets } = await course(db, seen, asked.wanted);
      const live = await liveTables(db, seen.schema);
      const differences = drift(expectedTables(layout, sets), live);
      const result = (check: string, title: string, findings: SchemaResult['findings']): SchemaResult => ({
        check,
        title,
        verdict: findings.length === 0 ? 'pass' : 'fail',
        findings,
      });
      const results = [
        result('schema/ledger', 'the recorded steps are those of this version', ledgerFindings(seen.ledger)),
        result(
          'schema/shape',
          'the tables are as Better Auth and the migrations want them',
          differences.map(shapeFinding),
        ),
      ];
      const found = results.flatMap(({ findings }) => findings).length;
      if (found === 0) return { outcome: 'ok', summary: 'in step: no drift', results };
      const hint = seen.ledger.steps.length === 0 ? 'lockstep migrate up' : 'lockstep migrate repair';
      return {
        outcome: 'problems',
        summary: `drift: ${found} ${found === 1 ? 'difference' : 'differences'}`,
        hint,
        results,
      };
    }),
});
