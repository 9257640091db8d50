import { optionalSets } from '../../migrations/layout.js';
import { expectedTables } from './expected.js';
import type { Table } from './shape.js';
import { literal } from './sql.js';

/** A name without what spellings differ in: `rateLimit`, `rate_limit` and `ratelimit` are one. */
export function folded(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

/** The names of all tables of Better Auth that the migrations know, folded. */
export const authTableNames: ReadonlySet<string> = new Set(
  expectedTables({ id: 'text', naming: 'camel' }, optionalSets).map(({ name }) => folded(name)),
);

const columnsOf = (relation: string, numbers: string) =>
  `(select json_agg(a.attname order by k.n) from unnest(${numbers}) with ordinality k(attnum, n)
      join pg_attribute a on a.attrelid = ${relation} and a.attnum = k.attnum)`;

const names = [...authTableNames].map(literal).join(', ');

/**
 * One statement, one row, one JSON value: the tables of the current schema that look like Better Auth's, as `Table[]`.
 * Partial indexes and indexes on expressions are left out: none of them does what an expected one does.
 */
export const catalogueQuery = `select coalesce(json_agg(json_build_object(
  'name', c.relname,
  'columns', (select coalesce(json_agg(json_build_object(
      'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'nullable', not a.attnotnull,
      'default', case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end,
      'identity', a.attidentity <> '' or a.attgenerated <> '') order by a.attnum), '[]')
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
  'primaryKey', coalesce((select ${columnsOf('p.conrelid', 'p.conkey')}
    from pg_constraint p where p.conrelid = c.oid and p.contype = 'p'), '[]'),
  'uniques', (select coalesce(json_agg(json_build_object(
      'name', coalesce(u.conname, r.relname), 'constraint', u.oid is not null,
      'columns', ${columnsOf('i.indrelid', 'i.indkey[0:i.indnkeyatts - 1]')}) order by r.relname), '[]')
    from pg_index i join pg_class r on r.oid = i.indexrelid
      left join pg_constraint u on u.conindid = i.indexrelid and u.contype = 'u'
    where i.indrelid = c.oid and i.indisunique and not i.indisprimary and i.indisvalid
      and i.indpred is null and i.indexprs is null),
  'indexes', (select coalesce(json_agg(json_build_object(
      'name', r.relname, 'valid', i.indisvalid,
      'columns', ${columnsOf('i.indrelid', 'i.indkey[0:i.indnkeyatts - 1]')}) order by r.relname), '[]')
    from pg_index i join pg_class r on r.oid = i.indexrelid
    where i.indrelid = c.oid and not (i.indisunique and i.indisvalid) and not i.indisprimary
      and i.indpred is null and i.indexprs is null),
  'foreignKeys', (select coalesce(json_agg(json_build_object(
      'name', f.conname, 'columns', ${columnsOf('f.conrelid', 'f.conkey')},
      'table', case when t.relnamespace = c.relnamespace then t.relname else t.relnamespace::regnamespace || '.' || t.relname end,
      'references', ${columnsOf('f.confrelid', 'f.confkey')}, 'valid', f.convalidated,
      'onDelete', case f.confdeltype when 'a' then 'NO ACTION' when 'r' then 'RESTRICT' when 'c' then 'CASCADE'
        when 'n' then 'SET NULL' else 'SET DEFAULT' end) order by f.conname), '[]')
    from pg_constraint f join pg_class t on t.oid = f.confrelid where f.conrelid = c.oid and f.contype = 'f')
  ) order by c.relname), '[]') as tables
from pg_class c
where c.relnamespace = (select oid from pg_namespace where nspname = current_schema()) and c.relkind in ('r', 'p')
  and lower(replace(c.relname, '_', '')) in (${names})`;

/** What the answer to `catalogueQuery` says. */
export function tablesOf(answer: unknown): Table[] {
  return answer as Table[];
}
