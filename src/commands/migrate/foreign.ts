import { LockstepError } from '../../core/errors.js';
import { Exit } from '../../core/exit.js';
import type { Look } from '../../io/db/look.js';

/** Refuses to go on over steps that were edited or that nobody here knows, and names them. */
export function refuseForeign(look: Look, place: string): void {
  const named = (standing: string) =>
    look.ledger.steps.filter((step) => step.standing === standing).map(({ name }) => name);
  const [edited, unknown] = [named('edited'), named('unknown')];
  const said = [
    ...(edited.length > 0 ? [`applied with other statements than now: ${edited.join(', ')}`] : []),
    ...(unknown.length > 0 ? [`applied, and not known here: ${unknown.join(', ')}`] : []),
  ];
  if (said.length === 0) return;
  const hint = unknown.length > 0 ? 'update lockstep' : 'go back to the version of lockstep that applied them';
  const code = edited.length > 0 ? 'edited-migration' : 'unknown-migration';
  throw new LockstepError(code, `${place}: ${said.join('; ')}`, { exit: Exit.refused, hint });
}
