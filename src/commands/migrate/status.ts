import { ledgerFindings } from '../../auth-schema/problems.js';
import { authTables, otherTables } from '../../io/db/look.js';
import { course } from '../../io/db/plan.js';
import { defineCommand } from '../command.js';
import { brief, declareDatabase, declareLayout, type Options } from './options.js';
import { inSession } from './session.js';
import { missingTables, stepLines } from './steps.js';

export default defineCommand<Options>({
  brief: (args) => brief(args, { consents: false }),
  declare(commander) {
    declareLayout(declareDatabase(commander)).addHelpText(
      'after',
      '\nExit 0 when every step is applied, 4 when some are pending, 1 when the ledger or the tables are not what they should be.\n\nExamples:\n  $ lockstep migrate status\n  $ lockstep migrate status --target staging --json',
    );
  },
  run: (call) =>
    inSession(call, 'status', async ({ db, seen, asked }) => {
      const way = await course(db, seen, asked.wanted);
      const found = [...ledgerFindings(seen.ledger), ...missingTables(seen, way)];
      const common = {
        steps: stepLines(seen.ledger, way.pending),
        tables: { auth: authTables(seen), others: otherTables(seen) },
        results: [
          {
            check: 'schema/ledger',
            title: 'what is recorded is what this version of lockstep applies',
            verdict: found.length === 0 ? ('pass' as const) : ('fail' as const),
            findings: found,
          },
        ],
      };
      if (found.length > 0) {
        const summary = `out of step: ${found.length} ${found.length === 1 ? 'finding' : 'findings'}`;
        return { ...common, outcome: 'problems', summary, hint: found[0]?.hint ?? 'lockstep migrate drift' };
      }
      if (way.pending.length > 0) {
        const summary = `${way.pending.length} of ${common.steps.length} steps pending`;
        return { ...common, outcome: 'pending', summary, hint: 'lockstep migrate up' };
      }
      return { ...common, outcome: 'ok', summary: `in step: ${common.steps.length} steps applied` };
    }),
});
