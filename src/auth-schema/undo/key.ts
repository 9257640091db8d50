import type { Obstacle } from '../change.js';
import type { ForeignKey } from '../shape.js';
import { identifier, identifiers } from '../sql.js';
import { createIndex, foreignKeySql, uniqueSql } from './create.js';
import { type Context, duplicates, empty, type PhasedChange, type Undo, where } from './part.js';

const alter = (table: string) => `alter table ${identifier(table)}`;

const primary: Undo<'primary-key'> = ({ table, expected, found }, { rows }) => {
  if (found.length > 0) {
    return {
      impossible: `the primary key of ${table} is (${found.join(', ')}) where (${expected.join(', ')}) is expected`,
    };
  }
  const sql = `${alter(table)} add primary key (${identifiers(expected)})`;
  return {
    changes: [{ phase: 'constrain', sql, does: `gives ${table} its primary key` }],
    obstacles: [
      ...duplicates(table, rows(table), expected),
      ...expected.flatMap((column) => empty(table, rows(table), column)),
    ],
  };
};

const missingUnique: Undo<'missing-unique'> = ({ table, expected }, { rows }) => {
  const sql = `${alter(table)} add ${uniqueSql(expected)}`;
  return {
    changes: [{ phase: 'constrain', sql, does: `makes ${table}.${expected.columns.join(', ')} unique` }],
    obstacles: duplicates(table, rows(table), expected.columns),
  };
};

const strayUnique: Undo<'stray-unique'> = ({ table, found: { name, columns, constraint } }) => ({
  changes: [
    {
      phase: 'drop',
      sql: constraint ? `${alter(table)} drop constraint ${identifier(name)}` : `drop index ${identifier(name)}`,
      does: `lets ${table}.${columns.join(', ')} repeat`,
      unsafe: 'rows that were refused until now will be taken',
    },
  ],
});

const missingIndex: Undo<'missing-index'> = ({ table, expected, invalid }) => {
  const drop = (name: string): PhasedChange => ({
    phase: 'drop',
    sql: `drop index ${identifier(name)}`,
    does: `drops the broken index ${name}`,
  });
  const make = { phase: 'index' as const, sql: createIndex(table, expected), does: `makes index ${expected.name}` };
  return { changes: [...(invalid === null ? [] : [drop(invalid)]), make] };
};

const foreign: Undo<'foreign-key'> = ({ table, expected, wrong, right }, context) => {
  const drop = wrong.map(
    ({ name }): PhasedChange => ({
      phase: 'drop',
      sql: `${alter(table)} drop constraint ${identifier(name)}`,
      does: `takes away constraint ${name}`,
    }),
  );
  const add: PhasedChange = {
    phase: 'refer',
    sql: `${alter(table)} add ${foreignKeySql(expected)}`,
    does: `ties ${table}.${expected.columns.join(', ')} to ${expected.table}, on delete ${expected.onDelete.toLowerCase()}`,
  };
  return right ? { changes: drop } : { changes: [...drop, add], obstacles: orphans(table, expected, context) };
};

/** Rows that refer to nothing. */
function orphans(table: string, { columns, table: target, references }: ForeignKey, { rows }: Context): Obstacle[] {
  const there = rows(target);
  const problem = `"${columns.join('", "')}" names no row of ${target}`;
  const wanted = references.map((name) => there?.column(name) ?? null);
  if (there === null || wanted.includes(null)) return where(table, rows(table), columns, () => 'true', problem);
  const own = rows(table)?.from;
  const unmet = (names: string[]) =>
    `${names.map((name) => `${name} is not null`).join(' and ')} and not exists (select from ${there.from} target where ${names
      .map((name, i) => `target.${wanted[i]}::text = ${own}.${name}::text`)
      .join(' and ')})`;
  return where(table, rows(table), columns, unmet, problem);
}

export const key = {
  'primary-key': primary,
  'missing-unique': missingUnique,
  'stray-unique': strayUnique,
  'missing-index': missingIndex,
  'foreign-key': foreign,
};
