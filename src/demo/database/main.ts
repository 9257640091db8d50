import { sql } from 'kysely';
import { live } from '../child.js';
import { connect } from '../connect.js';
import { fault } from '../planted.js';
import { migrate } from '../tables.js';

/**
 * The database process. Embedded: it is the database. Given: it keeps the demo's place in it, and takes it away even
 * when the parent was killed.
 */
await live(async ({ databaseUrl }) => {
  if (databaseUrl === null) {
    const { startEmbedded } = await import('./embedded.js');
    const url = await startEmbedded();
    await migrateAt(url, 'public');
    return { databaseUrl: url };
  }
  const { makePlace } = await import('./given.js');
  const place = await makePlace(databaseUrl);
  try {
    await migrateAt(place.url, place.schema);
  } catch (error) {
    await place.drop();
    throw error;
  }
  return { databaseUrl: place.url, leave: () => place.drop() };
});

async function migrateAt(url: string, schema: string): Promise<void> {
  const db = connect<unknown>(url, 1);
  try {
    await migrate(db, schema);
    if (fault('F179')) await sql`alter table "user" add column if not exists role text`.execute(db);
  } finally {
    await db.destroy();
  }
}
