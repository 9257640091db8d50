import { literal } from '../auth-schema/sql.js';
import { Secret } from '../core/secret.js';
import type { JwksRow } from '../token/jwks-row.js';
import type { DbWorld } from './db/open.js';
import { usingDb } from './db/open.js';

/** A database by its URL, and where that was written. */
export interface NamedDatabase {
  readonly url: Secret;
  readonly source: string;
}

/** All rows of Better Auth's `jwks` table, also of releases in which it had no `expiresAt` or `alg`. */
export async function readJwksRows(database: NamedDatabase, world: DbWorld): Promise<JwksRow[]> {
  // through JSON, so that a column that an older table lacks reads as absent instead of failing
  const rows = await select(database, 'select to_jsonb(j) as row from jwks j', world);
  return rows.map((row) => {
    const { id, publicKey, privateKey, createdAt, expiresAt, alg } = row as Record<string, string | null | undefined>;
    return {
      id: String(id),
      publicKey: publicKey ?? '',
      privateKey: new Secret(privateKey ?? ''),
      createdAt: moment(createdAt) ?? new Date(0),
      expiresAt: moment(expiresAt),
      alg: alg ?? null,
    };
  });
}

/** The row of the `user` table with this address, as the jwt plugin puts it into a token; null where there is none. */
export async function findUser(
  database: NamedDatabase,
  email: string,
  world: DbWorld,
): Promise<Record<string, unknown> | null> {
  const statement = `select to_jsonb(u) as row from "user" u where email = ${literal(email.toLowerCase())} limit 1`;
  const [row] = await select(database, statement, world);
  if (row === undefined) return null;
  const dates = ['createdAt', 'updatedAt'].map((name) => [name, moment(row[name] as string | null)?.toISOString()]);
  return { ...row, ...Object.fromEntries(dates.filter(([, value]) => value !== undefined)) };
}

async function select({ url, source }: NamedDatabase, statement: string, world: DbWorld) {
  const options = { application: 'lockstep token', source, waitMs: 0, world };
  const results = await usingDb(url, options, (db) =>
    db.send(`begin read only; set local statement_timeout = '10s'; ${statement}; commit`),
  );
  return (results.at(-2) ?? []).map(({ row }) => row as Readonly<Record<string, unknown>>);
}

/** A timestamp of PostgreSQL's JSON; one without a zone is UTC, as Better Auth writes it. */
export function moment(text: string | null | undefined): Date | null {
  if (text === null || text === undefined) return null;
  return new Date(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
}
