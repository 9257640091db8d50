import type { Cause } from '../cause.js';
import { both, cut, jwks, named, S, secret, shared, T } from './table.js';

/** Pairs that are in step, however odd they look: the twin of each cause that has one. */
export const healthy: readonly Cause[] = [
  both('plain', 'two files with one value', null),
  jwks('1', 'files that differ, and a backend that needs no secret', null, { backend: named(T) }),
  shared('2', 'a trailing space that both trim', null, { frontend: named(`${S}  `), backend: named(`${S} `) }),
  shared('5', 'Windows line ends, read by Python', null, {
    backend: { file: `BETTER_AUTH_SECRET=${S}\r\n`, loader: 'python-dotenv' },
  }),
  shared('8', 'quotes that both take off', null, {
    frontend: named(`"${S}"`),
    backend: { file: named(`'${S}'`), loader: 'python-dotenv' },
  }),
  shared('10', 'a # that both keep, in quotes', null, {
    frontend: named(`"${cut}"`),
    backend: { file: named(`"${cut}"`), loader: 'python-dotenv' },
  }),
  shared('14', 'set twice, and both take the last', null, {
    frontend: named(T) + named(S),
    backend: named(T) + named(S),
  }),
  shared('16', 'a shell that exports the same value', null, { frontend: { shell: secret(S) }, env: secret(S) }),
  both('17', 'BETTER_AUTH_SECRETS whose first entry the backend has', null, {
    frontend: `BETTER_AUTH_SECRETS=2:${S},1:${T}\nBETTER_AUTH_SECRET=${T}\n`,
  }),
  shared('20', 'another name, and lockstep knows it', null, {
    backend: { file: `JWT_SECRET=${S}\n`, env: { API_SECRET_NAME: 'JWT_SECRET' } },
    args: ['--backend-secret-name', 'JWT_SECRET'],
  }),
  jwks('20b', 'a backend without a secret that verifies by the JWKS', null, { backend: 'X=1\n' }),
  both('22', 'a backup of an old value, and both restarted', null, {
    files: {
      'frontend/.env.local.bak': named(T),
      'backend/.env.bak': named(T),
      'frontend/.env.example': named('change-me'),
    },
  }),
  shared('31', 'another environment beside it', null, {
    files: { 'staging/.env': named(T) },
    args: ['--also', 'staging'],
  }),
  shared('32', 'two backends with one secret', null, {
    after: async ({ ground, backend }) => ({
      backend: await ground.roundRobin(backend, await ground.backend(secret(S))),
    }),
  }),
  jwks('34', 'rotated with both versions in the list', null, {
    frontend: { file: `BETTER_AUTH_SECRETS=2:${S},1:${T}\n`, rowsOf: { BETTER_AUTH_SECRETS: `1:${T}` } },
  }),
  jwks('35', 'an old row beside the live one', null, {
    frontend: { rowsOf: secret(T) },
    after: async ({ ground, frontend }) => {
      await ground.sql('update jwks set "expiresAt" = now() - interval \'1 hour\'');
      await ground.touch(frontend);
      return undefined;
    },
  }),
  jwks('37', 'issuer and audience named rightly', null, {
    backend: { env: ({ url }) => ({ API_ISSUER: url, API_AUDIENCE: url }) },
  }),
  both('40', 'a clock that is three seconds off', null, { backend: { env: { API_CLOCK: '-3' } } }),
  shared('46', 'a recording with a good token in it', null, {
    after: async ({ ground }) => void ground.write('cookie.txt', ground.cookieUnder(S)),
    args: ['--cookie-file', 'cookie.txt'],
  }),
  shared('no account', 'a healthy pair, looked at without an account', null, { account: false }),
];
