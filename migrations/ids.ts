import type { ColumnBuilderCallback, ColumnDefinitionBuilder } from 'kysely';
import { sql } from 'kysely';
import type { IdType } from './layout.js';

/** The columns that identify a row: its own id, and the id of a row elsewhere. */
export interface Ids {
  readonly type: 'text' | 'uuid' | 'integer';
  readonly key: ColumnBuilderCallback;
}

const own: Readonly<Record<IdType, (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder>> = {
  text: (column) => column,
  uuid: (column) => column.defaultTo(sql`gen_random_uuid()`),
  serial: (column) => column.generatedByDefaultAsIdentity(),
};

export function idsOf(id: IdType): Ids {
  return { type: id === 'serial' ? 'integer' : id, key: (column) => own[id](column).notNull().primaryKey() };
}

export const textIds: Ids = idsOf('text');
