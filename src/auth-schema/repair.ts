import type { Repair } from './change.js';
import type { Difference } from './difference.js';
import type { Table } from './shape.js';
import { column } from './undo/column.js';
import { key } from './undo/key.js';
import { type Context, phases, rowsOf, type Undo } from './undo/part.js';
import { table } from './undo/table.js';

const undoing: { readonly [K in Difference['kind']]: Undo<K> } = { ...table, ...column, ...key };

/**
 * What undoes the differences between the expected and the live tables. `timezone`: of the clock by which times without
 * one were written. Pure: whoever runs it first asks for the rows that the obstacles select.
 */
export function repair(
  differences: readonly Difference[],
  expected: readonly Table[],
  live: readonly Table[],
  { timezone }: { readonly timezone: string },
): Repair {
  const parts = differences.map((difference) => {
    const context: Context = { timezone, rows: (name) => rowsOf(name, expected, live) };
    // the record has the right function for each kind, which the compiler cannot follow through the index
    return (undoing[difference.kind] as Undo<Difference['kind']>)(difference, context);
  });
  const changes = parts.flatMap((part) => part.changes ?? []);
  return {
    changes: phases.flatMap((phase) =>
      changes.filter((change) => change.phase === phase).map(({ sql, does, unsafe = null }) => ({ sql, does, unsafe })),
    ),
    obstacles: parts.flatMap((part) => part.obstacles ?? []),
    impossible: parts.flatMap((part) => (part.impossible === undefined ? [] : [part.impossible])),
  };
}
