import { identifier } from '../sql.js';
import { conversion } from './convert.js';
import { columnSql } from './create.js';
import { empty, type Undo, where } from './part.js';

const alter = (table: string) => `alter table ${identifier(table)}`;

/** What is put into rows that have no value for a required column. A column that is not here cannot be made up. */
const fillings: Readonly<Record<string, { readonly sql: string; readonly unsafe: string }>> = {
  emailverified: { sql: 'false', unsafe: 'everybody counts as not verified' },
  createdat: { sql: 'CURRENT_TIMESTAMP', unsafe: 'rows that are there get the time of this change' },
  updatedat: { sql: 'CURRENT_TIMESTAMP', unsafe: 'rows that are there get the time of this change' },
};

const missing: Undo<'missing-column'> = ({ table, expected }, { rows }) => {
  const { name } = expected;
  const sql = `${alter(table)} add column ${columnSql(expected)}`;
  const add = { phase: 'add' as const, sql, does: `adds ${table}.${name}` };
  if (expected.nullable || expected.default !== null || expected.identity) return { changes: [add] };
  const filling = fillings[name.replaceAll('_', '').toLowerCase()];
  if (filling === undefined) {
    const problem = `"${name}" is required, is not there, and cannot be made up`;
    return { changes: [add], obstacles: where(table, rows(table), [], () => 'true', problem) };
  }
  // one statement fills the rows and leaves no default behind
  const filled = `${sql} default ${filling.sql}, alter column ${identifier(name)} drop default`;
  return { changes: [{ ...add, sql: filled, unsafe: filling.unsafe }] };
};

const renamed: Undo<'renamed-column'> = ({ table, column, found }) => ({
  changes: [
    {
      phase: 'rename',
      sql: `${alter(table)} rename column ${identifier(found)} to ${identifier(column)}`,
      does: `renames ${table}.${found} to ${column}`,
      unsafe: 'code that uses the old name will not find it',
    },
  ],
});

const type: Undo<'type'> = ({ table, column, expected, found }, { rows, timezone }) => {
  const way = conversion(found, expected, identifier(column), timezone);
  // ids of another kind are other ids: whatever refers to them from elsewhere would lose them
  const identifies = /^(id|user_?id)$/i.test(column);
  if (way === null || (identifies && way.kind === 'value')) {
    return { impossible: `${table}.${column} is ${found} where ${expected} is expected` };
  }
  const using = way.using === undefined ? '' : ` using ${way.using}`;
  const unfit = way.unfit;
  return {
    changes: [
      {
        phase: 'alter',
        on: table,
        sql: `alter column ${identifier(column)} type ${expected}${using}`,
        does: `makes ${table}.${column} ${expected}`,
        unsafe: way.unsafe,
      },
    ],
    obstacles:
      unfit === undefined
        ? []
        : where(
            table,
            rows(table),
            [column],
            ([name = '']) => unfit(name),
            `"${column}" does not fit into ${expected}`,
          ),
  };
};

const nullability: Undo<'nullability'> = ({ table, column, nullable }, { rows }) => {
  const change = `${alter(table)} alter column ${identifier(column)}`;
  if (nullable) {
    return { changes: [{ phase: 'alter', sql: `${change} drop not null`, does: `lets ${table}.${column} be empty` }] };
  }
  return {
    changes: [{ phase: 'constrain', sql: `${change} set not null`, does: `requires ${table}.${column}` }],
    obstacles: empty(table, rows(table), column),
  };
};

const standard: Undo<'default'> = ({ table, column, expected, found }) => {
  const change = `${alter(table)} alter column ${identifier(column)}`;
  // before a change of type: the old default may mean nothing in the new one
  const drop = {
    phase: 'drop' as const,
    sql: `${change} drop default`,
    does: `takes the default off ${table}.${column}`,
    unsafe: 'code that leaves the value out will be refused',
  };
  const set = {
    phase: 'constrain' as const,
    sql: `${change} set default ${expected}`,
    does: `gives ${table}.${column} the default ${expected}`,
  };
  if (expected === null) return { changes: [drop] };
  const { unsafe: _, ...replaced } = drop;
  return { changes: [...(found === null ? [] : [replaced]), set] };
};

const identity: Undo<'identity'> = ({ table, column, identity: wanted }) => ({
  impossible: wanted
    ? `${table}.${column} is not counted up by PostgreSQL`
    : `${table}.${column} is made by PostgreSQL, where Better Auth writes it`,
});

const stray: Undo<'stray-required-column'> = ({ table, column, leftover }) => {
  const name = identifier(column);
  if (leftover) {
    const unsafe = 'its values are lost; nothing but Better Auth 1.7.0 to 1.7.2 wrote or read them';
    const sql = `${alter(table)} drop column ${name}`;
    return { changes: [{ phase: 'drop', sql, does: `drops ${table}.${column}`, unsafe }] };
  }
  const unsafe = 'Better Auth never writes it: code that reads it must expect nothing there';
  const sql = `${alter(table)} alter column ${name} drop not null`;
  return { changes: [{ phase: 'alter', sql, does: `lets ${table}.${column} be empty`, unsafe }] };
};

export const column = {
  'missing-column': missing,
  'renamed-column': renamed,
  type,
  nullability,
  default: standard,
  identity,
  'stray-required-column': stray,
};
