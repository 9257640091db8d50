import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { realWorld } from '../../../src/io/world.js';
import { main } from '../../../src/main.js';
import { type AuthServer, type AuthServerOptions, startAuthServer } from '../../support/auth-server.js';
import { randomBytes } from '../../support/chance.js';
import { fakeWorld } from '../../support/fake-world.js';
import { describeWithPostgres, type Postgres, query, startPostgres } from '../../support/postgres.js';

const secret = randomBytes(32).toString('hex');
const password = 'a-password-of-the-tests';

describeWithPostgres('tokens of a real Better Auth', () => {
  let postgres: Postgres;
  const servers: AuthServer[] = [];
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });
  afterAll(() => postgres.stop());

  async function start(options: Omit<AuthServerOptions, 'database'>) {
    const database = await postgres.database();
    const server = await startAuthServer({ secret, database, ...options });
    servers.push(server);
    return { server, database };
  }

  /** lockstep as a whole, with the real network and database, and nothing else of this machine. */
  async function lockstep(
    args: string[],
    options: { env?: Record<string, string>; stdin?: string; files?: Record<string, string> },
  ) {
    const fake = fakeWorld({
      env: options.env ?? {},
      input: options.stdin ?? '',
      ...(options.files === undefined ? {} : { files: options.files }),
    });
    const world = { ...fake, http: realWorld().http, now: () => Date.now() };
    const code = await main(['token', ...args], world);
    return { code, out: fake.out(), err: fake.err() };
  }

  it.each([
    ['EdDSA', { alg: 'EdDSA', crv: 'Ed25519' }],
    ['ES256', { alg: 'ES256' }],
    ['ES512', { alg: 'ES512' }],
    ['RS256', { alg: 'RS256' }],
    ['PS256', { alg: 'PS256' }],
  ] as const)(
    '%s: fetched, verified, minted from the jwks table, and taken by Better Auth and by jose',
    async (alg, keyPairConfig) => {
      const { server, database } = await start({ jwks: { keyPairConfig } });
      const { userId } = await server.signUp('ada@example.test');
      const env = {
        LOCKSTEP_AUTH: server.url,
        LOCKSTEP_A_EMAIL: 'ada@example.test',
        LOCKSTEP_A_PASSWORD: password,
        BETTER_AUTH_SECRET: secret,
        DATABASE_URL: database,
      };

      const fetched = await lockstep(['fetch'], { env });
      expect(fetched).toMatchObject({ code: 0, out: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+\n$/) });
      const expected = ['--iss', server.origin, '--aud', server.origin];
      for (const from of [['--auth', server.url], ['--database'], ['--jwks', `${server.url}/jwks`]]) {
        const verified = await lockstep(['verify', ...from, ...expected, '--json', '-'], { env, stdin: fetched.out });
        expect(verified).toMatchObject({ code: 0 });
        expect(codes(verified.out)).toEqual([]);
      }

      const minted = await lockstep(['mint', '--database', '--as', 'Ada@Example.test', '--ttl', '2m'], { env });
      expect(minted.code, minted.err).toBe(0);
      const token = minted.out.trim();
      const real = payloadOf(fetched.out);
      const ours = payloadOf(token);
      expect(headerOf(token)).toEqual(headerOf(fetched.out));
      expect(ours).toEqual({ ...real, iat: ours.iat, exp: (ours.iat as number) + 120 });
      expect(ours).toMatchObject({ sub: userId, id: userId, email: 'ada@example.test', iss: server.origin });
      expect(await server.verifies(token)).toMatchObject({ sub: userId });
      const jwks = createRemoteJWKSet(new URL(`${server.url}/jwks`));
      const { payload } = await jwtVerify(token, jwks, {
        algorithms: [alg],
        issuer: server.origin,
        audience: server.origin,
      });
      expect(payload.sub).toBe(userId);

      for (const broken of ['--expired', '--wrong-aud', '--wrong-key', '--alg-none', '--not-yet']) {
        const wrong = await lockstep(['mint', '--database', '--sub', userId, broken], { env });
        expect(await server.verifies(wrong.out.trim()), broken).toBeNull();
        expect((await lockstep(['verify', ...expected, '-'], { env, stdin: wrong.out })).code).toBe(1);
      }
    },
  );

  it('a private key under $ba$<version>$, bare, and not encrypted at all', async () => {
    const first = randomBytes(32).toString('hex');
    const second = randomBytes(32).toString('hex');
    const versioned = await start({
      secrets: [
        { version: 2, value: second },
        { version: 1, value: first },
      ],
    });
    const bare = await start({ secret: first });
    const plain = await start({ jwks: { disablePrivateKeyEncryption: true } });
    for (const { server } of [versioned, bare, plain]) {
      const { cookies } = await server.signUp('ada@example.test');
      expect((await server.get('/token', cookies)).status).toBe(200);
    }
    const mint = async ({ server, database }: typeof bare, env: Record<string, string>) => {
      const minted = await lockstep(['mint', '--database', '--sub', 'a', '--auth', server.url], {
        env: { DATABASE_URL: database, ...env },
      });
      return minted.code === 0
        ? ((await server.verifies(minted.out.trim()))?.sub ?? 'refused')
        : `${minted.code} ${minted.err}`;
    };
    const [row] = await query(versioned.database, 'select "privateKey" from jwks');
    expect(row?.privateKey).toMatch(/^"\$ba\$2\$[0-9a-f]+"$/);

    expect(await mint(versioned, { BETTER_AUTH_SECRETS: `2:${second},1:${first}` })).toBe('a');
    expect(await mint(versioned, { BETTER_AUTH_SECRETS: `3:x, 2: ${second} ` })).toBe('a');
    expect(await mint(versioned, { BETTER_AUTH_SECRETS: `1:${first}` })).toMatch(
      /^3 .*version 2 of BETTER_AUTH_SECRETS/s,
    );
    expect(await mint(bare, { BETTER_AUTH_SECRET: first })).toBe('a');
    expect(await mint(bare, { BETTER_AUTH_SECRETS: `2:${second}`, BETTER_AUTH_SECRET: first })).toBe('a');
    expect(await mint(bare, { BETTER_AUTH_SECRETS: `1:${first}` })).toMatch(/^3 .*only BETTER_AUTH_SECRET opens it/s);
    expect(await mint(bare, { BETTER_AUTH_SECRET: `${first} ` })).toMatch(/^3 .*another secret/s);
    expect(await mint(plain, {})).toBe('a');
    expect(await mint(bare, {})).toMatch(/^2 .*no secret to sign with/s);
  });

  it('the newest live row signs; an expired one does not, although it is newer', async () => {
    const { server, database } = await start({});
    const { cookies } = await server.signUp('ada@example.test');
    await server.get('/token', cookies);
    await query(
      database,
      `insert into jwks (id, "publicKey", "privateKey", "createdAt", "expiresAt", alg)
       select 'dead', "publicKey", '"00"', "createdAt" + interval '1 day', now() - interval '1 second', alg from jwks`,
    );
    const env = { DATABASE_URL: database, BETTER_AUTH_SECRET: secret, LOCKSTEP_AUTH: server.url };
    const minted = await lockstep(['mint', '--database', '--sub', 'a'], { env });
    expect(await server.verifies(minted.out.trim())).toMatchObject({ sub: 'a' });
    await query(database, `update jwks set "expiresAt" = now() - interval '1 second'`);
    expect(await lockstep(['mint', '--database', '--sub', 'a'], { env })).toMatchObject({ code: 3, out: '' });
  });

  it('a user whom the database does not know is refused, before anything is printed', async () => {
    const { server, database } = await start({});
    const { cookies } = await server.signUp('ada@example.test');
    await server.get('/token', cookies);
    const env = { DATABASE_URL: database, BETTER_AUTH_SECRET: secret, LOCKSTEP_AUTH: server.url };
    const minted = await lockstep(['mint', '--database', '--as', 'bob@example.test'], { env });
    expect(minted).toMatchObject({ code: 5, out: '' });
  });

  it('an older jwks table, without expiresAt and alg, still signs', async () => {
    const { server, database } = await start({});
    const { cookies } = await server.signUp('ada@example.test');
    await server.get('/token', cookies);
    await query(database, 'alter table jwks drop column alg, drop column crv, drop column "expiresAt"');
    const env = { DATABASE_URL: database, BETTER_AUTH_SECRET: secret, LOCKSTEP_AUTH: server.url };
    const minted = await lockstep(['mint', '--database', '--sub', 'a'], { env });
    expect(minted.code, minted.err).toBe(0);
    const { payload } = await jwtVerify(minted.out.trim(), createRemoteJWKSet(new URL(`${server.url}/jwks`)));
    expect(payload.sub).toBe('a');
  });

  it.each(['compact', 'jwt', 'jwe'] as const)(
    'which: session cookie and session_data of strategy %s name the running secret',
    async (strategy) => {
      const running = `${secret}\n`;
      const { server } = await start({
        secret: running,
        session: { cookieCache: { enabled: true, strategy, maxAge: 300 } },
      });
      const { cookies } = await server.signUp('ada@example.test');
      const names = [...cookies.keys()].filter((name) => /session_(token|data)$/.test(name));
      expect(names).toHaveLength(2);
      const stdin = names.flatMap((name) => [`${name}=${cookies.get(name)}`, cookies.get(name)]).join('\n');
      const env = { OTHER: 'x'.repeat(40) };
      const which = await lockstep(['which', '--secret-file', 's', '--secret-env', 'OTHER', '--json', '-'], {
        env,
        stdin,
        files: { '/project/s': secret },
      });
      const found = which.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(found.map(({ matches }) => matches)).toEqual(
        Array(4).fill([expect.stringMatching(/^the secret of s .*newline/)]),
      );
      expect(which.code).toBe(0);
      const none = await lockstep(['which', '--secret-env', 'OTHER', '--json', '-'], { env, stdin });
      expect(none.code).toBe(1);
      expect(
        none.out
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line).matches),
      ).toEqual([[], [], [], []]);
    },
  );

  it('which: a jwks row is named for a token of the jwt plugin', async () => {
    const { server, database } = await start({});
    const { cookies } = await server.signUp('ada@example.test');
    const { token } = (await (await server.get('/token', cookies)).json()) as { token: string };
    const env = { DATABASE_URL: database };
    for (const from of [['--database'], ['--auth', server.url], ['--jwks', `${server.url}/jwks`]]) {
      const which = await lockstep(['which', ...from, '-'], { env, stdin: token });
      expect(which).toMatchObject({ code: 0, out: expect.stringContaining(`kid ${headerOf(token).kid}`) });
    }
  });
});

function codes(out: string): string[] {
  return JSON.parse(out).results[0].findings.map(({ code }: { code: string }) => code);
}

function headerOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
}

function payloadOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}
