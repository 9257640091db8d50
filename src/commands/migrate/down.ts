import { usage } from '../../core/errors.js';
import { nearest } from '../../core/nearest.js';
import { course, planDown } from '../../io/db/plan.js';
import { defineCommand } from '../command.js';
import { type ChangingOptions, carryOut } from './carry-out.js';
import { refuseForeign } from './foreign.js';
import { declareConsent, declareDatabase } from './options.js';
import { inSession } from './session.js';

interface DownOptions extends ChangingOptions {
  readonly to?: string;
  readonly loseRows?: boolean;
}

export default defineCommand<DownOptions>({
  declare(commander) {
    declareConsent(declareDatabase(commander))
      .option('--to <step>', 'the last step that stays; none otherwise')
      .option('--lose-rows', 'drop tables with rows in them, too, and tables that were adopted')
      .addHelpText(
        'after',
        '\nExamples:\n  $ lockstep migrate down --to 0006_indexes --yes\n  $ lockstep migrate down --lose-rows --confirm app',
      );
  },
  run: (whole) =>
    inSession(whole, 'down', async (session, call) => {
      const { db, seen, asked } = session;
      const { to = null, loseRows = false } = call.options;
      refuseForeign(seen, db.place);
      const applied = seen.ledger.steps.map(({ name }) => name);
      if (to !== null && !applied.includes(to)) {
        const near = nearest(to, applied);
        const hint = near === null ? 'lockstep migrate status' : `did you mean ${near}?`;
        throw usage(`--to ${to}: no such step is applied`, hint);
      }
      const plan = await planDown(db, seen, await course(db, seen, asked.wanted), to, loseRows);
      if (plan.steps.length === 0) return { outcome: 'ok', summary: 'nothing to do: no step is applied after that' };
      const summary = `${plan.steps.length} steps taken back`;
      const steps = plan.steps.map((step) => ({ step, state: 'undone', at: null }) as const);
      const said = await carryOut(session, call, plan, { outcome: 'ok', summary, steps });
      return said?.outcome === 'refused' ? { ...said, hint: 'to drop them nevertheless: --lose-rows' } : said;
    }),
});
