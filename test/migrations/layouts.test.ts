import type { BetterAuthOptions } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { jwt } from 'better-auth/plugins/jwt';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Layout, layouts } from '../../migrations/layout.js';
import { snake } from '../../src/auth-schema/expected.js';
import { dumpOf, migrate } from '../support/migrate.js';
import { describeWithPostgres, type Postgres, startPostgres } from '../support/postgres.js';

describeWithPostgres('each layout of the migrations', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  test.each(layouts)('is what Better Auth makes with the same options: %j', async (layout) => {
    const [ours, theirs] = [await postgres.database(), await postgres.database()];
    const flags = ['--id-type', layout.id, '--field-names', layout.naming, '--with', 'rateLimit'];
    expect((await migrate(ours, ['up', '--yes', ...flags])).code).toBe(0);
    await inBetterAuth(theirs, layout, (plan) => plan.runMigrations());
    expect(dumpOf(postgres, ours)).toBe(dumpOf(postgres, theirs));
    await inBetterAuth(ours, layout, async (plan) => {
      const { toBeCreated, toBeAdded, toBeAddedIndexes, unsafeChanges, schemaProblems } = plan;
      expect([...toBeCreated, ...toBeAdded, ...toBeAddedIndexes, ...unsafeChanges, ...schemaProblems]).toEqual([]);
    });
  });
});

type Migrations = Awaited<ReturnType<typeof getMigrations>>;

async function inBetterAuth(url: string, layout: Layout, use: (plan: Migrations) => Promise<void>): Promise<void> {
  const pool = new pg.Pool({ connectionString: url });
  pool.on('error', () => {});
  try {
    await use(await getMigrations({ ...options(layout), database: pool }));
  } finally {
    await pool.end();
  }
}

/** The options by which Better Auth itself has ids of a type and columns in snake_case. */
function options({ id, naming }: Layout): BetterAuthOptions {
  const fields = (...names: string[]) =>
    naming === 'camel' ? {} : { fields: Object.fromEntries(names.map((name) => [name, snake(name)])) };
  const jwks = fields('publicKey', 'privateKey', 'createdAt', 'expiresAt');
  return {
    emailAndPassword: { enabled: true },
    ...(id === 'text' ? {} : { advanced: { database: { generateId: id } } }),
    user: fields('emailVerified', 'createdAt', 'updatedAt'),
    session: fields('expiresAt', 'createdAt', 'updatedAt', 'ipAddress', 'userAgent', 'userId'),
    account: fields(
      'accountId',
      'providerId',
      'userId',
      'accessToken',
      'refreshToken',
      'idToken',
      'accessTokenExpiresAt',
      'refreshTokenExpiresAt',
      'createdAt',
      'updatedAt',
    ),
    verification: fields('expiresAt', 'createdAt', 'updatedAt'),
    rateLimit: {
      storage: 'database',
      ...fields('lastRequest'),
      ...(naming === 'snake' ? { modelName: 'rate_limit' } : {}),
    },
    plugins: [jwt(naming === 'snake' ? { schema: { jwks } as never } : {})],
  };
}
