import type { Layout, OptionalSet } from '../../migrations/layout.js';
import { folded } from './catalogue.js';
import { expectedTables, snake } from './expected.js';
import type { Table } from './shape.js';

/** A name that stands for an expected one but is spelled otherwise: unquoted identifiers lose their capitals. */
export interface Renaming {
  readonly table: string;
  /** null for the table itself */
  readonly column: string | null;
  readonly found: string;
}

/** A live table under its expected name, with the columns that stand for expected ones under theirs. */
export interface Matched {
  readonly table: Table;
  /** as it is called in the database */
  readonly found: string;
  readonly renamings: readonly Renaming[];
}

/** The live table that stands for an expected one: by its name, else by a spelling of it. */
export function match(expected: Table, live: readonly Table[]): Matched | null {
  const table =
    live.find(({ name }) => name === expected.name) ?? live.find(({ name }) => folded(name) === folded(expected.name));
  if (table === undefined) return null;
  const present = new Set(table.columns.map(({ name }) => name));
  const renamed = new Map<string, string>();
  for (const { name } of expected.columns) {
    if (present.has(name)) continue;
    const other = table.columns.find((column) => folded(column.name) === folded(name) && !renamed.has(column.name));
    if (other !== undefined) renamed.set(other.name, name);
  }
  const spelled = (name: string) => renamed.get(name) ?? name;
  const all = (names: readonly string[]) => names.map(spelled);
  const columns = [...renamed].map(([found, column]) => ({ table: expected.name, column, found }));
  return {
    found: table.name,
    renamings: [
      ...(table.name === expected.name ? [] : [{ table: expected.name, column: null, found: table.name }]),
      ...columns,
    ],
    table: {
      name: expected.name,
      columns: table.columns.map((column) => ({ ...column, name: spelled(column.name) })),
      primaryKey: all(table.primaryKey),
      uniques: table.uniques.map((unique) => ({ ...unique, columns: all(unique.columns) })),
      indexes: table.indexes.map((index) => ({ ...index, columns: all(index.columns) })),
      foreignKeys: table.foreignKeys.map((key) => ({ ...key, columns: all(key.columns) })),
    },
  };
}

/** The layout that tables which are there were made with; null parts where they do not say. */
export function layoutOf(live: readonly Table[]): Partial<Layout> {
  const [first] = ['user', 'session', 'account', 'verification', 'jwks'].flatMap((name) =>
    live.filter((table) => folded(table.name) === name),
  );
  const id = first?.columns.find(({ name }) => name === 'id')?.type;
  const names = new Set(live.flatMap(({ columns }) => columns.map(({ name }) => name)));
  const expected = expectedTables({ id: 'text', naming: 'camel' }, []).flatMap(({ columns }) => columns);
  const told = expected.map(({ name }) => name).filter((name) => snake(name) !== name);
  const naming = told.some((name) => names.has(name))
    ? 'camel'
    : told.some((name) => names.has(snake(name)))
      ? 'snake'
      : null;
  return {
    ...(id === undefined ? {} : { id: id === 'uuid' ? 'uuid' : /int/.test(id) ? 'serial' : 'text' }),
    ...(naming === null ? {} : { naming }),
  };
}

/** The optional sets whose tables are there. */
export function setsOf(names: readonly string[], known: readonly OptionalSet[]): OptionalSet[] {
  return known.filter((set) => names.some((name) => folded(name) === folded(set)));
}
