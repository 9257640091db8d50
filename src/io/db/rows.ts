import { catalogueQuery, tablesOf } from '../../auth-schema/catalogue.js';
import type { Obstacle } from '../../auth-schema/change.js';
import type { Blocked } from '../../auth-schema/plan.js';
import type { Table } from '../../auth-schema/shape.js';
import { identifier, literal } from '../../auth-schema/sql.js';
import { printable } from '../../core/finding.js';
import { Secret } from '../../core/secret.js';
import type { Db } from './open.js';

/** Statements that only read, in a schema, in one round trip. Resolves to the rows of the last one. */
async function read(db: Db, schema: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const path = `select set_config('search_path', ${literal(identifier(schema))}, true)`;
  const results = await db.send(`begin read only; ${path}; ${sql}; commit`);
  return results.at(-2) ?? [];
}

/** The tables of a schema that look like Better Auth's. */
export async function liveTables(db: Db, schema: string): Promise<Table[]> {
  const [row] = await read(db, schema, catalogueQuery);
  return tablesOf(row?.tables);
}

/** Counts what stands in the way. `timezone` is tried, too: PostgreSQL knows which ones there are. */
export async function count(
  db: Db,
  schema: string,
  obstacles: readonly Obstacle[],
  timezone: string | null,
): Promise<Blocked[]> {
  const zone = timezone === null ? '' : `select now() at time zone ${literal(timezone)}; `;
  if (obstacles.length === 0 && zone === '') return [];
  const counts = obstacles.map(
    ({ sql }, i) =>
      `select ${i} as n, count(*)::int as count, coalesce((array_agg(id order by id))[1:10], '{}') as ids from (${sql}) rows`,
  );
  const rows = await read(db, schema, `${zone}${counts.join(' union all ') || 'select 1 where false'}`);
  return rows.flatMap(({ n, count: found, ids }) => {
    const obstacle = obstacles[Number(n)];
    if (obstacle === undefined || Number(found) === 0) return [];
    const { table, problem } = obstacle;
    return [{ table, problem, count: Number(found), ids: (ids as string[]).map(printable) }];
  });
}

/** How many rows each of these tables has. */
export async function rowCounts(db: Db, schema: string, tables: readonly string[]): Promise<Map<string, number>> {
  if (tables.length === 0) return new Map();
  const counts = tables.map(
    (name) => `select ${literal(name)} as name, count(*)::int as count from ${identifier(name)}`,
  );
  const rows = await read(db, schema, counts.join(' union all '));
  return new Map(rows.map(({ name, count: found }) => [String(name), Number(found)]));
}

/** The private keys of `jwks`, as they are sealed; null where the table has no such column. */
export async function jwksRows(
  db: Db,
  schema: string,
  column: string,
): Promise<{ readonly id: string; readonly privateKey: Secret }[] | null> {
  // through JSON: a column that is not there reads as absent instead of failing
  const rows = await read(db, schema, 'select to_jsonb(j) as row from jwks j order by 1');
  const found = rows.map(({ row }) => row as Readonly<Record<string, unknown>>);
  if (found.some((row) => !Object.hasOwn(row, column))) return null;
  return found.map((row) => ({ id: String(row.id), privateKey: new Secret(String(row[column])) }));
}
