import type { Change, Repair } from './change.js';
import type { Difference } from './difference.js';
import type { Table } from './shape.js';
import { identifier } from './sql.js';
import { column } from './undo/column.js';
import { key } from './undo/key.js';
import { type Context, type PhasedChange, phases, rowsOf, type Undo } from './undo/part.js';
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
    changes: phases.flatMap((phase) => joined(changes.filter((change) => change.phase === phase))),
    obstacles: parts.flatMap((part) => part.obstacles ?? []),
    impossible: parts.flatMap((part) => (part.impossible === undefined ? [] : [part.impossible])),
  };
}

/** What is done to one table at once is one statement: types that change together rewrite a table once. */
function joined(changes: readonly PhasedChange[]): Change[] {
  const tables = [...new Set(changes.flatMap(({ on }) => on ?? []))];
  const lines = (values: readonly (string | undefined)[], separator: string) =>
    [...new Set(values.filter((value) => value !== undefined))].join(separator);
  return [
    ...changes
      .filter(({ on }) => on === undefined)
      .map(({ sql, does, unsafe = null }): Change => ({ sql, does, unsafe })),
    ...tables.map((table): Change => {
      const actions = changes.filter(({ on }) => on === table);
      return {
        sql: `alter table ${identifier(table)} ${actions.map(({ sql }) => sql).join(', ')}`,
        does: lines(
          actions.map(({ does }) => does),
          ', ',
        ),
        unsafe:
          lines(
            actions.map(({ unsafe }) => unsafe),
            '; ',
          ) || null,
      };
    }),
  ];
}
