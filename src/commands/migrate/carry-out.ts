import { isSafe, type Plan } from '../../auth-schema/plan.js';
import { printable } from '../../core/finding.js';
import { openStyle } from '../../io/coloured.js';
import { inTransaction } from '../../io/db/transaction.js';
import { renderPlan } from '../../report/migrate.js';
import type { Call } from '../command.js';
import { consent } from './consent.js';
import type { ConsentOptions, Options } from './options.js';
import type { Said, Session } from './session.js';

/** What a verb that changes something takes. */
export type ChangingOptions = Options & ConsentOptions;

/**
 * Says what is about to be changed and where, gets consent, and does all of it or nothing. `done` says what it came to;
 * null when somebody else changed the ledger meanwhile.
 */
export async function carryOut(
  { db, seen, asked, target }: Session,
  { options, world }: Call<ChangingOptions>,
  plan: Plan,
  done: Said,
): Promise<Said | null> {
  if (!isSafe(plan)) {
    return { outcome: 'refused', summary: 'nothing was changed: see what stands in the way', plan };
  }
  const style = await openStyle(world.stderr, world.env);
  const marked = target.production ? style.doubtful(' (production)') : '';
  const which = seen.system === null ? '' : `, system ${seen.system}`;
  world.stderr.write(`about to change ${printable(db.place)}, schema ${printable(seen.schema)}${which}${marked}\n`);
  const telling = plan.timezone !== null || plan.changes.some(({ unsafe }) => unsafe !== null);
  if (telling && !asked.json) world.stderr.write(`${renderPlan(plan, style).join('\n')}\n`);
  await consent(options, target, seen, world);
  const statements = [...plan.changes.map(({ sql }) => sql), ...plan.records];
  return (await inTransaction(db, seen, statements, { ...asked, world })) ? done : null;
}
