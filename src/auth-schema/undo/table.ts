import { identifier } from '../sql.js';
import { createIndex, createTable } from './create.js';
import type { Undo } from './part.js';

const missing: Undo<'missing-table'> = ({ table, expected }) => ({
  changes: [
    { phase: 'create', sql: createTable(expected), does: `makes table ${table}` },
    ...expected.indexes.map((index) => ({
      phase: 'index' as const,
      sql: createIndex(table, index),
      does: `makes index ${index.name}`,
    })),
  ],
});

const renamed: Undo<'renamed-table'> = ({ table, found }) => ({
  changes: [
    {
      phase: 'rename',
      sql: `alter table ${identifier(found)} rename to ${identifier(table)}`,
      does: `renames table ${found} to ${table}`,
      unsafe: 'code that uses the old name will not find it',
    },
  ],
});

export const table = { 'missing-table': missing, 'renamed-table': renamed };
