import { drift } from '../../auth-schema/drift.js';
import { expectedTables } from '../../auth-schema/expected.js';
import { ledgerFindings, shapeFinding } from '../../auth-schema/problems.js';
import { course } from '../../io/db/plan.js';
import { liveTables } from '../../io/db/rows.js';
import type { SchemaResult } from '../../report/migrate.js';
import { defineCommand } from '../command.js';
import { declareSecrets, environmentSecrets, readSecrets, type SecretOptions } from '../token/secret-sources.js';
import { jwksResult } from './jwks.js';
import { declareDatabase, declareLayout, type Options } from './options.js';
import { inSession } from './session.js';

export default defineCommand<Options & SecretOptions>({
  declare(commander) {
    declareSecrets(declareLayout(declareDatabase(commander))).addHelpText(
      'after',
      '\nCompares the live tables with what they should be, and opens the rows of jwks with the secret of the environment.\n\nExamples:\n  $ lockstep migrate drift\n  $ BETTER_AUTH_SECRET=... lockstep migrate drift --json',
    );
  },
  run: (whole) =>
    inSession(whole, 'drift', async ({ db, seen, asked }, call) => {
      const secrets =
        (await readSecrets(call.options, call.world, call.redactor)) ?? environmentSecrets(call.world, call.redactor);
      const way = await course(db, seen, asked.wanted);
      const live = await liveTables(db, seen.schema);
      const differences = drift(expectedTables(way.layout, way.sets), live);
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
        await jwksResult(db, seen, way, secrets),
      ];
      const found = results.flatMap(({ findings }) => findings).length;
      if (found === 0) return { outcome: 'ok', summary: 'in step: no drift', results };
      const mend = seen.ledger.steps.length === 0 ? 'lockstep migrate up' : 'lockstep migrate repair';
      const hint = differences.length > 0 ? mend : (results.flatMap(({ findings }) => findings)[0]?.hint ?? mend);
      return {
        outcome: 'problems',
        summary: `drift: ${found} ${found === 1 ? 'difference' : 'differences'}`,
        hint,
        results,
      };
    }),
});
