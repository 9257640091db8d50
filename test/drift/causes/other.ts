import type { Cause } from '../cause.js';
import { hex } from '../ground.js';
import { both, jwks, named, S, secret, shared, T } from './table.js';

/** Causes of keys, claims, time, replicas and the rest. */
export const otherCauses: readonly Cause[] = [
  jwks('jwks row', 'the key in jwks was made under the secret of the backup', 'jwks-row.older-secret', {
    frontend: { rowsOf: secret(T) },
    files: { 'frontend/.env.local.bak': named(T) },
  }),
  jwks('jwks row b', 'under one that left no trace', 'jwks-row.unknown', { frontend: { rowsOf: secret(T) } }),
  jwks('jwks row c', 'the same, without the database', 'jwks-row.unread', {
    frontend: { rowsOf: secret(T) },
    args: ['--no-database'],
  }),
  jwks('34', 'version 1 was taken out of the list too early', 'jwks-row.retired-version', {
    frontend: { file: `BETTER_AUTH_SECRETS=2:${S}\n`, rowsOf: { BETTER_AUTH_SECRETS: `1:${T}` } },
  }),
  jwks('34b', 'BETTER_AUTH_SECRETS=1:A alone, of the same value', 'jwks-row.no-legacy', {
    frontend: { file: `BETTER_AUTH_SECRETS=1:${S}\n`, rowsOf: secret(S) },
  }),
  jwks('35', 'the database is a copy of staging', 'jwks-row.foreign', {
    frontend: { rowsOf: secret(T) },
    files: { 'staging/.env': named(T) },
    args: ['--also', 'staging'],
  }),
  jwks('37', 'the backend names its issuer with a slash', 'claims.issuer', {
    backend: { env: ({ url }) => ({ API_ISSUER: `${url}/` }) },
  }),
  jwks('37b', 'the backend knows the frontend as 127.0.0.1', 'claims.issuer', {
    backend: { file: `${named(S)}JWT_ISSUER=http://127.0.0.1:3000\n`, env: { API_ISSUER: 'http://127.0.0.1:3000' } },
  }),
  jwks('38', 'the backend wants an audience that its file names', 'claims.audience', {
    backend: {
      file: `${named(S)}JWT_AUDIENCE=https://api.example.com\n`,
      env: { API_AUDIENCE: 'https://api.example.com' },
    },
  }),
  jwks('38b', 'the backend gives its verifier no audience (PyJWT)', 'claims.audience-not-expected', {
    backend: { env: { API_NO_AUDIENCE: '1' } },
  }),
  jwks('38c', 'an audience that nobody names, and an answer that says so', 'claims.said-audience', {
    backend: { env: { API_AUDIENCE: 'https://elsewhere.invalid' } },
  }),
  both('40', 'the clock of the backend is an hour slow', 'clock.behind', {
    backend: { env: { API_CLOCK: '-1800', API_SILENT: '1' } },
  }),
  both('40b', 'the clock of the backend is an hour fast', 'clock.ahead', {
    backend: { env: { API_CLOCK: '3600', API_SILENT: '1' } },
  }),
  jwks('41', 'the backend keeps an old copy of the JWKS', 'jwks.stale-cache', {
    after: async ({ ground, frontend, backend }) => {
      await ground.warm(frontend, backend);
      await ground.sql('delete from jwks');
      await ground.touch(frontend);
      return undefined;
    },
  }),
  jwks('43', 'the plugin signs EdDSA, the backend verifies HS256', 'algorithm.backend-wants-hs256', {
    backend: { env: { API_TRUST: 'shared-secret' } },
  }),
  shared('43b', 'an own route signs HS256, the backend verifies by the JWKS', 'algorithm.backend-wants-jwks', {
    backend: { env: { API_TRUST: 'jwks' } },
  }),
  jwks('44', 'the backend cannot reach the JWKS', 'jwks.unreachable', {
    backend: { env: { API_JWKS_URL: 'http://127.0.0.1:9/jwks' } },
  }),
  both('46', 'the client sends the session cookie as a bearer token', 'credential.not-a-token', {
    files: { 'token.txt': `${hex().slice(0, 32)}.${Buffer.from(hex(), 'hex').toString('base64')}` },
    args: ['--token-file', 'token.txt'],
  }),
  jwks('46b', 'the client sends the session token, seen in a recording', 'credential.not-a-token', {
    files: {
      'trace.har': JSON.stringify({
        log: {
          entries: [
            {
              request: {
                method: 'GET',
                url: 'http://api/api/me',
                headers: [{ name: 'Authorization', value: `Bearer ${hex().slice(0, 32)}` }],
              },
              response: { status: 401 },
            },
          ],
        },
      }),
    },
    args: ['--har', 'trace.har'],
  }),
  both('47', 'the backend does not know the user', 'user.unknown', {
    backend: { env: (_, email) => ({ API_BARS: email }) },
  }),
  shared('32', 'one of two backends has another secret', 'replicas.differ', {
    after: async ({ ground, backend }) => ({
      backend: await ground.roundRobin(backend, await ground.backend(secret(T))),
    }),
  }),
  jwks('32b', 'one of two frontends has another secret', 'replicas.differ', {
    after: async ({ ground, frontend }) => ({
      frontend: await ground.roundRobin(frontend, await ground.twin(frontend, T)),
    }),
  }),
  jwks('cookie', 'a cookie from before the secret changed', 'credential.other-secret', {
    files: { 'frontend/.env.local.bak': named(T) },
    after: async ({ ground }) => void ground.write('cookie.txt', ground.cookieUnder(T)),
    args: ['--cookie-file', 'cookie.txt'],
  }),
  both('born expired', 'expirationTime is a number', 'clock.born-expired', { frontend: { faults: ['F032'] } }),
  jwks('no jwks', 'the table jwks is gone', 'tables.no-jwks', {
    after: async ({ ground }) => void (await ground.sql('alter table jwks rename to jwks_gone')),
  }),
  jwks('no user', 'the table user is gone', 'tables.missing', {
    after: async ({ ground }) => void (await ground.sql('alter table "user" rename to user_gone')),
  }),
  shared('unset', 'a backend whose verifier breaks without a secret', 'secret-missing.not-set', {
    backend: { file: 'X=1\n', env: { API_BREAKS: '1' } },
  }),
  jwks('password', 'invalid credentials: a wrong password', 'sign-in.wrong-password', {
    env: { LOCKSTEP_A_PASSWORD: 'not-the-password-of-anybody' },
  }),
  jwks('no route', 'JWT not available: there is no token route', 'token-route.no-route', {
    args: ['--token-route', '/jwt'],
  }),
  jwks('not it', 'an address that is not Better Auth', 'address.not-better-auth', {
    after: async ({ backend }) => ({ frontend: backend }),
  }),
];
