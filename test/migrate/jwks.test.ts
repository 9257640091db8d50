import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../support/migrate.js';
import { describeWithPostgres, type Postgres, query, startPostgres } from '../support/postgres.js';

/** The one under which Better Auth sealed the key of the fixtures. */
const secret = 'the secret of these fixtures: nothing is kept under it';

describeWithPostgres('the keys in jwks', () => {
  let postgres: Postgres;
  let url: string;
  beforeAll(async () => {
    postgres = await startPostgres();
    url = await postgres.database();
    await query(url, readFileSync(new URL('../auth-schema/fixtures/better-auth-1.7.25.sql', import.meta.url), 'utf8'));
    expect((await migrate(url, ['up', '--yes'])).code).toBe(0);
  });
  afterAll(() => postgres.stop());

  async function looked(env: Record<string, string>, at = url, ...flags: string[]) {
    const { code, out } = await migrate(at, ['drift', '--json', ...flags], {
      env,
      files: { '/project/s': `${secret}\n` },
    });
    const { results } = JSON.parse(out);
    const jwks = results.find(({ check }: { check: string }) => check === 'schema/jwks');
    return { code, verdict: jwks.verdict, codes: jwks.findings.map((finding: { code: string }) => finding.code), out };
  }

  test.each([
    ['with the secret that sealed them', { BETTER_AUTH_SECRET: secret }, 0, 'pass', []],
    ['with AUTH_SECRET, which Better Auth reads, too', { AUTH_SECRET: secret }, 0, 'pass', []],
    ['with another secret', { BETTER_AUTH_SECRET: `${secret} ` }, 1, 'fail', ['schema/jwks.wrong-secret']],
    ['with versions alone', { BETTER_AUTH_SECRETS: `1:${secret}` }, 1, 'fail', ['schema/jwks.no-legacy-secret']],
    [
      'with versions beside the old one',
      { BETTER_AUTH_SECRETS: `1:${'x'.repeat(40)}`, BETTER_AUTH_SECRET: secret },
      0,
      'pass',
      [],
    ],
    ['with no secret nothing is claimed', {}, 0, 'skip', []],
  ] as const)('%s', async (_, env, code, verdict, codes) => {
    const found = await looked(env);
    expect(found).toMatchObject({ code, verdict, codes });
    expect(found.out).not.toContain(secret);
  });

  test('with a secret in a file', async () => {
    expect(await looked({}, url, '--secret-file', 's')).toMatchObject({ code: 0, verdict: 'pass' });
  });

  test('a row that is no key is told by its id, and nothing of it is shown', async () => {
    const other = await postgres.database(url);
    await query(
      other,
      `insert into jwks (id, "publicKey", "privateKey", "createdAt") values ('odd', '{}', 'kanarie-key', now())`,
    );
    const found = await looked({ BETTER_AUTH_SECRET: secret }, other);
    expect(found).toMatchObject({ code: 1, codes: ['schema/jwks.malformed'] });
    expect(found.out).toContain('"id": "odd"');
    expect(found.out).not.toContain('kanarie-key');
  });
});
