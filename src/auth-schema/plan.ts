import type { Layout, OptionalSet } from '../../migrations/layout.js';
import type { Change } from './change.js';

/** Rows that stand in the way, as they were counted. */
export interface Blocked {
  readonly table: string;
  readonly problem: string;
  readonly count: number;
  /** the first ten */
  readonly ids: readonly string[];
}

/** What a run would do to a database. */
export interface Plan {
  readonly layout: Layout;
  readonly sets: readonly OptionalSet[];
  /** the steps that end up recorded, or no longer recorded */
  readonly steps: readonly string[];
  /** tables that are there are brought to shape, instead of being made */
  readonly adopts: boolean;
  readonly changes: readonly Change[];
  /** the statements that keep the ledger, sent after the changes */
  readonly records: readonly string[];
  /** nothing may run while there is one */
  readonly blocked: readonly Blocked[];
  readonly impossible: readonly string[];
  /** the time zone by which times without one are read; null where there are none */
  readonly timezone: { readonly name: string; readonly assumed: boolean } | null;
}

/** Whether a plan can be carried out at all. */
export function isSafe({ blocked, impossible }: Plan): boolean {
  return blocked.length === 0 && impossible.length === 0;
}
