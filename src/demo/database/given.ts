import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { connect } from '../connect.js';

/** A place in a PostgreSQL that belongs to somebody else. */
export interface Place {
  /** the URL by which everything of the demo lands in its own schema, and only there */
  readonly url: string;
  readonly schema: string;
  /** drops the schema with all that is in it */
  drop(): Promise<void>;
}

/**
 * Makes a schema of its own, `lockstep_demo_<random>`, in a given PostgreSQL. The demo's users, rows and tables are all
 * in it and go with it; nothing that was there before is read, changed or locked. Needs CREATE on the database.
 */
export async function makePlace(databaseUrl: string): Promise<Place> {
  const schema = `lockstep_demo_${randomBytes(6).toString('hex')}`;
  await withDatabase(databaseUrl, (db) => db.schema.createSchema(schema).execute());
  return {
    url: inSchema(databaseUrl, schema),
    schema,
    drop: () =>
      withDatabase(databaseUrl, (db) => sql`drop schema if exists ${sql.id(schema)} cascade`.execute(db)).then(
        () => {},
      ),
  };
}

async function withDatabase<T>(url: string, use: (db: Kysely<unknown>) => Promise<T>): Promise<T> {
  const db = connect<unknown>(url, 1);
  try {
    return await use(db);
  } finally {
    await db.destroy();
  }
}

/** The same database, with `schema` as the whole search path. */
function inSchema(databaseUrl: string, schema: string): string {
  const url = new URL(databaseUrl);
  const options = url.searchParams.get('options');
  url.searchParams.set('options', `${options === null ? '' : `${options} `}-c search_path=${schema}`);
  // searchParams writes a space as `+`, a habit of forms; a connection string wants %20
  url.search = [...url.searchParams].map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
  return url.href;
}
