import { literal } from '../auth-schema/sql.js';
import { Secret } from '../core/secret.js';
import type { DbWorld } from './db/open.js';
import { usingDb } from './db/open.js';
import type { NamedDatabase } from './jwks-rows.js';

/**
 * The token of a session of this user that expired more than a day ago, whatever clocks and time zones say; null where
 * there is none, or where sessions are kept elsewhere than in Better Auth's table.
 */
export async function findExpiredSession(
  { url, source }: NamedDatabase,
  userId: string,
  world: DbWorld,
): Promise<Secret | null> {
  return usingDb(url, { application: 'lockstep check', source, waitMs: 0, world }, async (db) => {
    const [there] = await db.send("select to_regclass('session') is not null as there");
    if (there?.[0]?.there !== true) return null;
    const results = await db.send(
      `begin read only; set local statement_timeout = '10s';
      select to_jsonb(s) ->> 'token' as token from session s
      where to_jsonb(s) ->> 'userId' = ${literal(userId)} and "expiresAt" < now() - interval '1 day'
      order by "expiresAt" desc limit 1; commit`,
    );
    const token = results.at(-2)?.[0]?.token;
    return typeof token === 'string' ? new Secret(token) : null;
  });
}
