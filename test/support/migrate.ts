import { main } from '../../src/main.js';
import { fakeWorld } from './fake-world.js';
import { type Postgres, query } from './postgres.js';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `lockstep migrate ...` in this process, against a database. */
export async function migrate(
  url: string,
  args: readonly string[],
  {
    env = {},
    files = {},
    answers,
  }: { env?: Record<string, string>; files?: Record<string, string>; answers?: Record<string, string | boolean> } = {},
): Promise<Ran> {
  const world = fakeWorld({ env: { DATABASE_URL: url, ...env }, files, ...(answers === undefined ? {} : { answers }) });
  const code = await main(['migrate', ...args], world);
  return { code, out: world.out(), err: world.err() };
}

/** Comments, blank lines, settings and random session keys are not the schema. */
export function schemaOf(dump: string): string {
  return dump
    .split('\n')
    .filter((line) => line !== '' && !/^(--|SET |SELECT pg_catalog|\\(un)?restrict )/.test(line))
    .join('\n');
}

/** The whole schema of a database, but the tables in which lockstep keeps its history. */
export function dumpOf(postgres: Postgres, url: string): string {
  return schemaOf(postgres.run('pg_dump', url, '-s', '--no-owner', '-T', 'lockstep_migration*'));
}

/** The same, whatever the order of the columns (PostgreSQL can only add them at the end) and the name of the time. */
export function dumpInAnyOrder(postgres: Postgres, url: string): string[] {
  const tables = dumpOf(postgres, url).split(/(?=^(?:CREATE|ALTER) )/m);
  return tables.map((text) =>
    text
      .split('\n')
      .map((line) => line.replace(/,$/, '').replace('DEFAULT now()', 'DEFAULT CURRENT_TIMESTAMP'))
      .sort()
      .join('\n'),
  );
}

/** Every row of every table of the schema `public`, as JSON, in no order. */
export async function rowsOf(url: string): Promise<Record<string, string[]>> {
  const tables = await query(url, "select tablename as name from pg_tables where schemaname = 'public' order by 1");
  const found: Record<string, string[]> = {};
  for (const { name } of tables) {
    if (String(name).startsWith('lockstep_')) continue;
    const rows = await query(url, `select to_jsonb(t)::text as row from "${name}" t`);
    found[String(name)] = rows.map(({ row }) => String(row)).sort();
  }
  return found;
}
