import { isSafe } from '../../auth-schema/plan.js';
import { course, planUp } from '../../io/db/plan.js';
import { defineCommand } from '../command.js';
import { refuseForeign } from './foreign.js';
import { declareDatabase, declareLayout, type Options } from './options.js';
import { inSession } from './session.js';

export default defineCommand<Options>({
  declare(commander) {
    declareLayout(declareDatabase(commander)).addHelpText(
      'after',
      '\nPrints what `migrate up` would send, and sends nothing. Exit 0 when nothing is pending, 4 when something is, 5 when it could not be done.\n\nExamples:\n  $ lockstep migrate plan\n  $ lockstep migrate plan --json',
    );
  },
  run: (call) =>
    inSession(call, 'plan', async ({ db, seen, asked }) => {
      refuseForeign(seen, db.place);
      const way = await course(db, seen, asked.wanted);
      if (way.pending.length === 0) return { outcome: 'ok', summary: 'nothing is pending' };
      const plan = await planUp(db, seen, way, asked.wanted);
      if (!isSafe(plan))
        return { outcome: 'refused', summary: 'this cannot be done: see what stands in the way', plan };
      const unsafe = plan.changes.filter((change) => change.unsafe !== null).length;
      const summary = `${plan.changes.length} changes pending, ${unsafe} of them marked unsafe`;
      return { outcome: 'pending', summary, hint: 'lockstep migrate up', plan };
    }),
});
