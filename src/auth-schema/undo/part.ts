import type { Obstacle } from '../change.js';
import type { Difference } from '../difference.js';
import { match } from '../match.js';
import type { Table } from '../shape.js';
import { identifier } from '../sql.js';

/** The order in which changes can be made: a name before what uses it, a key after what it stands on. */
export const phases = ['rename', 'drop', 'add', 'alter', 'create', 'constrain', 'refer', 'index'] as const;

export interface PhasedChange {
  readonly phase: (typeof phases)[number];
  /** a statement; where `on` names a table, the action of an ALTER TABLE, which can be one of several */
  readonly sql: string;
  readonly on?: string;
  readonly does: string;
  readonly unsafe?: string;
}

/** What undoes one difference: changes, or the reason why none does. */
export interface Part {
  readonly changes?: readonly PhasedChange[];
  readonly obstacles?: readonly Obstacle[];
  readonly impossible?: string;
}

/** The rows of a table as they are before any change, under the names they have then. */
export interface Rows {
  readonly live: Table;
  /** the table as SQL */
  readonly from: string;
  /** the expression that tells rows apart, as text */
  readonly id: string;
  /** a column as SQL, null where it is not there yet */
  column(name: string): string | null;
}

export interface Context {
  readonly timezone: string;
  /** null for a table that is not there yet */
  rows(table: string): Rows | null;
}

export type Undo<K extends Difference['kind']> = (
  difference: Extract<Difference, { kind: K }>,
  context: Context,
) => Part;

export function rowsOf(name: string, expected: readonly Table[], live: readonly Table[]): Rows | null {
  const wanted = expected.find((table) => table.name === name);
  const matched = wanted === undefined ? null : match(wanted, live);
  if (matched === null) return null;
  const column = (asked: string) => {
    const found = matched.renamings.find((renaming) => renaming.column === asked)?.found ?? asked;
    return matched.table.columns.some((one) => one.name === asked) ? identifier(found) : null;
  };
  return { live: matched.table, from: identifier(matched.found), id: `${column('id') ?? 'ctid'}::text`, column };
}

/** Rows that meet a condition; none where the table or its columns are not there yet. */
export function where(
  table: string,
  rows: Rows | null,
  columns: readonly string[],
  condition: (columns: string[]) => string,
  problem: string,
): Obstacle[] {
  const names = columns.map((column) => rows?.column(column) ?? null);
  if (rows === null || names.includes(null)) return [];
  const sql = `select ${rows.id} as id from ${rows.from} where ${condition(names as string[])}`;
  return [{ table, problem, sql }];
}

export function empty(table: string, rows: Rows | null, column: string): Obstacle[] {
  return where(table, rows, [column], ([name]) => `${name} is null`, `"${column}" is empty`);
}

/** Rows whose values stand in another row, too. */
export function duplicates(table: string, rows: Rows | null, columns: readonly string[]): Obstacle[] {
  const repeated = (names: string[]) =>
    `(${names.join(', ')}) in (select ${names.join(', ')} from ${rows?.from} group by ${names.join(', ')} having count(*) > 1)`;
  return where(table, rows, columns, repeated, `"${columns.join('", "')}" is not unique`);
}
