import type { Difference } from './difference.js';
import { match } from './match.js';
import type { Column, ForeignKey, Table } from './shape.js';

/** Every difference between the tables that are expected and those that are there. Names of constraints are no matter. */
export function drift(expected: readonly Table[], live: readonly Table[]): Difference[] {
  return expected.flatMap((table): Difference[] => {
    const matched = match(table, live);
    if (matched === null) return [{ kind: 'missing-table', table: table.name, expected: table }];
    const renamed = matched.renamings.map(
      ({ column, found }): Difference =>
        column === null
          ? { kind: 'renamed-table', table: table.name, found }
          : { kind: 'renamed-column', table: table.name, column, found },
    );
    return [...renamed, ...tableDrift(table, matched.table)];
  });
}

function tableDrift(expected: Table, live: Table): Difference[] {
  const table = expected.name;
  const found = new Map(live.columns.map((column) => [column.name, column]));
  const known = new Set(expected.columns.map(({ name }) => name));
  const columns = expected.columns.flatMap((column): Difference[] => {
    const there = found.get(column.name);
    return there === undefined
      ? [{ kind: 'missing-column', table, expected: column }]
      : columnDrift(table, column, there);
  });
  const stray = live.columns
    .filter((column) => !known.has(column.name) && !column.nullable && column.default === null && !column.identity)
    .map(
      ({ name, type }): Difference => ({
        kind: 'stray-required-column',
        table,
        column: name,
        leftover: table === 'account' && name === 'issuer' && type === 'text',
      }),
    );
  return [...columns, ...stray, ...keyDrift(expected, live, known)];
}

function columnDrift(table: string, expected: Column, found: Column): Difference[] {
  const column = expected.name;
  const differences: Difference[] = [];
  if (expected.type !== found.type) {
    differences.push({ kind: 'type', table, column, expected: expected.type, found: found.type });
  }
  if (expected.nullable !== found.nullable) {
    differences.push({ kind: 'nullability', table, column, nullable: expected.nullable });
  }
  const counts = found.identity || /^nextval\(/.test(found.default ?? '');
  if (expected.identity !== counts) {
    differences.push({ kind: 'identity', table, column, identity: expected.identity });
  } else if (!counts && meaning(expected.default) !== meaning(found.default)) {
    differences.push({ kind: 'default', table, column, expected: expected.default, found: found.default });
  }
  return differences;
}

function keyDrift(expected: Table, live: Table, known: ReadonlySet<string>): Difference[] {
  const table = expected.name;
  const differences: Difference[] = [];
  if (!same(expected.primaryKey, live.primaryKey)) {
    differences.push({ kind: 'primary-key', table, expected: expected.primaryKey, found: live.primaryKey });
  }
  for (const unique of expected.uniques) {
    const there = live.uniques.some(({ columns }) => same(columns, unique.columns));
    if (!there) differences.push({ kind: 'missing-unique', table, expected: unique });
  }
  for (const unique of live.uniques) {
    // one on a column of the application's own is its own business; one that takes the key in is always met
    const ours = unique.columns.every((column) => known.has(column)) && !unique.columns.includes('id');
    const wanted = expected.uniques.some(({ columns }) => columns.every((column) => unique.columns.includes(column)));
    if (ours && !wanted) differences.push({ kind: 'stray-unique', table, found: unique });
  }
  for (const index of expected.indexes) {
    const serving = [...live.indexes.filter(({ valid }) => valid), ...live.uniques];
    if (serving.some(({ columns }) => same(columns.slice(0, index.columns.length), index.columns))) continue;
    const broken = live.indexes.find(({ columns, valid }) => !valid && same(columns, index.columns));
    differences.push({ kind: 'missing-index', table, expected: index, invalid: broken?.name ?? null });
  }
  for (const key of expected.foreignKeys) {
    const there = live.foreignKeys.filter(({ columns }) => same(columns, key.columns));
    const does = (one: ForeignKey) =>
      one.valid && one.onDelete === key.onDelete && one.table === key.table && same(one.references, key.references);
    // one that does not cascade forbids what the right one beside it allows
    const wrong = there.filter((one) => !does(one));
    const right = there.some(does);
    if (!right || wrong.length > 0) differences.push({ kind: 'foreign-key', table, expected: key, wrong, right });
  }
  return differences;
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}

/** Spellings of one default: casts and the many names of the time of the transaction. */
function meaning(value: string | null): string | null {
  if (value === null) return null;
  const bare = value
    .replaceAll(/::[a-z ]+(\(\d+\))?( with(out)? time zone)?/g, '')
    .replace(/^\((.*)\)$/, '$1')
    .toLowerCase();
  if (bare === 'null') return null;
  return ['now()', 'transaction_timestamp()', "'now'"].includes(bare) ? 'current_timestamp' : bare;
}
