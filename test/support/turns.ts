/**
 * Faults as the rows of a table: one row, in which they come in turn from point to point, or, with LOCKSTEP_KILLS=all, one
 * row for each of them at every point.
 */
export function turns<T>(faults: readonly T[]): (readonly [readonly T[]])[] {
  return process.env.LOCKSTEP_KILLS === 'all' ? faults.map((fault) => [[fault]] as const) : [[faults]];
}
