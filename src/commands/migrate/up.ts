import { course, planUp } from '../../io/db/plan.js';
import { defineCommand } from '../command.js';
import { type ChangingOptions, carryOut } from './carry-out.js';
import { refuseForeign } from './foreign.js';
import { brief, declareConsent, declareDatabase, declareLayout } from './options.js';
import { inSession, type Said } from './session.js';
import { missingTables, stepLines } from './steps.js';

export default defineCommand<ChangingOptions>({
  brief: (args) => brief(args, { consents: true }),
  declare(commander) {
    declareConsent(declareLayout(declareDatabase(commander))).addHelpText(
      'after',
      `
All pending steps or none, in one transaction, under a lock. Tables that Better Auth or somebody else made are brought
to shape; no row is lost.

Examples:
  $ lockstep migrate up
  $ lockstep migrate up --yes --no-input --wait 60s
  $ lockstep migrate up --schema auth --id-type uuid --with rateLimit`,
    );
  },
  run: (whole) =>
    inSession(whole, 'up', async (session, call) => {
      const { db, seen, asked } = session;
      refuseForeign(seen, db.place);
      const way = await course(db, seen, asked.wanted);
      const applied = stepLines(seen.ledger, []);
      if (way.pending.length > 0) {
        const plan = await planUp(db, seen, way, asked.wanted);
        const state = plan.adopts ? 'adopted' : 'done';
        const summary = plan.adopts
          ? `adopted by ${plan.changes.length} changes: ${plan.steps.length} steps recorded`
          : `${plan.steps.length} steps applied`;
        const steps = [...applied, ...plan.steps.map((step) => ({ step, state, at: null }) as const)];
        return carryOut(session, call, plan, { outcome: 'ok', summary, steps, plan });
      }
      const findings = missingTables(seen, way);
      if (findings.length === 0) return { outcome: 'ok', summary: `nothing to do: ${applied.length} steps applied` };
      return gone(findings);
    }),
});

function gone(findings: ReturnType<typeof missingTables>): Said {
  const title = 'the tables that recorded steps made are there';
  return {
    outcome: 'problems',
    summary: 'every step is recorded, and tables are missing',
    hint: 'lockstep migrate repair',
    results: [{ check: 'schema/shape', title, verdict: 'fail', findings }],
  };
}
