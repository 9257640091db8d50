import { folded } from '../../auth-schema/catalogue.js';
import { expectedTables } from '../../auth-schema/expected.js';
import type { Ledger } from '../../auth-schema/ledger.js';
import { shapeFinding } from '../../auth-schema/problems.js';
import type { Finding } from '../../core/finding.js';
import type { Look } from '../../io/db/look.js';
import type { Course } from '../../io/db/plan.js';
import type { StepLine } from '../../report/migrate.js';

/** Recorded steps as they were applied, then the pending ones. */
export function stepLines({ steps }: Ledger, pending: readonly string[]): StepLine[] {
  return [
    ...steps.map(
      ({ name, standing, timestamp, adopted }): StepLine => ({
        step: name,
        state: standing === 'applied' && adopted ? 'adopted' : standing,
        at: timestamp,
      }),
    ),
    ...pending.map((step): StepLine => ({ step, state: 'pending', at: null })),
  ];
}

/** Tables that recorded steps made and that are gone: a ledger alone proves nothing. */
export function missingTables(seen: Look, { layout, sets, pending }: Course): Finding[] {
  if (pending.length > 0) return [];
  return expectedTables(layout, sets)
    .filter(({ name }) => !seen.tables.some((table) => table === name || folded(table) === folded(name)))
    .map((expected) => shapeFinding({ kind: 'missing-table', table: expected.name, expected }));
}
