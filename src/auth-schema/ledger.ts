import type { Layout, OptionalSet } from '../../migrations/layout.js';
import { layoutName, layouts, setOf } from '../../migrations/layout.js';

/** A row of the table in which applied steps are recorded. */
export interface LedgerRow {
  readonly name: string;
  /** when, in ISO 8601 */
  readonly timestamp: string;
  /** SHA-256 of the statements; null where something else than lockstep wrote the row */
  readonly hash: string | null;
  /** the tables were there before, and were brought to shape */
  readonly adopted: boolean;
}

/** How a recorded step stands to the step of that name here. */
export type Standing = 'applied' | 'edited' | 'unknown';

export interface Ledger {
  readonly steps: readonly (LedgerRow & { readonly standing: Standing })[];
  /** the layout that the hashes tell; null where they tell none */
  readonly layout: Layout | null;
  /** the optional sets of which a step is recorded */
  readonly sets: readonly OptionalSet[];
}

/** The hash of each step, by the name of the layout. */
export type Hashes = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Reads the recorded steps, which come in the order in which they were applied. */
export function readLedger(rows: readonly LedgerRow[], hashes: Hashes): Ledger {
  const layout = layoutBy(rows, hashes);
  const steps = rows.map((row) => ({ ...row, standing: standing(row, hashes, layout) }));
  const sets = [...new Set(rows.flatMap(({ name }) => setOf(name) ?? []))];
  return { steps, layout, sets };
}

/** The steps that a database with these optional sets takes and that are not recorded. */
export function pendingSteps(ledger: Ledger, hashes: Hashes, sets: readonly OptionalSet[]): string[] {
  const recorded = new Set(ledger.steps.map(({ name }) => name));
  const taken = (step: string) => {
    const set = setOf(step);
    return set === null || sets.includes(set);
  };
  return Object.keys(hashes).filter((name) => taken(name) && !recorded.has(name));
}

function standing({ name, hash }: LedgerRow, hashes: Hashes, layout: Layout | null): Standing {
  const known = hashes[name];
  if (known === undefined) return 'unknown';
  if (hash === null) return 'applied';
  return layout !== null && known[layoutName(layout)] === hash ? 'applied' : 'edited';
}

/** The layout under which most steps are what they were; a step that reads alike in several ones counts for each. */
function layoutBy(rows: readonly LedgerRow[], hashes: Hashes): Layout | null {
  const counted = layouts.map((layout) => ({
    layout,
    count: rows.filter(({ name, hash }) => hash !== null && hashes[name]?.[layoutName(layout)] === hash).length,
  }));
  const [best] = counted.toSorted((a, b) => b.count - a.count);
  return best === undefined || best.count === 0 ? null : best.layout;
}
