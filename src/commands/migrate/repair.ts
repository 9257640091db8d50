import { course, planRepair } from '../../io/db/plan.js';
import { liveTables } from '../../io/db/rows.js';
import { defineCommand } from '../command.js';
import { type ChangingOptions, carryOut } from './carry-out.js';
import { refuseForeign } from './foreign.js';
import { declareConsent, declareDatabase, declareLayout } from './options.js';
import { inSession } from './session.js';

export default defineCommand<ChangingOptions>({
  declare(commander) {
    declareConsent(declareLayout(declareDatabase(commander))).addHelpText(
      'after',
      '\nUndoes what `migrate drift` finds, in one transaction; no row is lost.\n\nExamples:\n  $ lockstep migrate repair\n  $ lockstep migrate repair --confirm app --no-input',
    );
  },
  run: (whole) =>
    inSession(whole, 'repair', async (session, call) => {
      const { db, seen, asked } = session;
      refuseForeign(seen, db.place);
      const { layout, sets, pending } = await course(db, seen, asked.wanted);
      if (pending.length > 0) {
        const summary = `${pending.length} steps are pending: these come first`;
        return { outcome: 'pending', summary, hint: 'lockstep migrate up, which also adopts tables that are there' };
      }
      const live = await liveTables(db, seen.schema);
      const plan = await planRepair(db, seen, layout, sets, live, asked.wanted);
      if (plan.changes.length === 0 && plan.impossible.length === 0) {
        return { outcome: 'ok', summary: 'nothing to repair: the tables are as expected' };
      }
      const summary = `repaired by ${plan.changes.length} changes`;
      return carryOut(session, call, plan, { outcome: 'ok', summary, plan });
    }),
});
