import { asHeader, sealOf } from '../../../src/checks/session-cookie.js';
import check from '../../../src/checks/token/weak-hmac-secret.js';
import type { HalfFiles } from '../../../src/core/material.js';
import { Secret } from '../../../src/core/secret.js';
import { publicDefault } from '../../../src/env-file/variants.js';
import { singleSecret } from '../../../src/token/secrets.js';
import { foreign } from '../../support/auth-server-script.js';
import { gifts, hs256 } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import { byKeyRow } from '../../support/verifying-api.js';

const good = '9f2c4b7d1e8a6f3c5b0d9e7a2c4f6b8d1e3a5c7f9b0d2e4a6c8f1b3d5e7a9c0b';
/** a deployment on which one secret seals both */
const sealed = (secret: string, material: Partial<Parameters<typeof half>[0]> & { known?: boolean } = {}) => ({
  given: { ...cookieUnder(secret), token: { ...gifts.token, jwt: new Secret(hs256({ sub: 'user-a' }, secret)) } },
  material: {
    candidates: material.known ? [{ place: 'the test', set: singleSecret(new Secret(secret)) }] : [],
    halves: { frontend: half(material), backend: half({}) },
  },
});
function cookieUnder(secret: string) {
  const cookie = asHeader({
    name: 'better-auth.session_token',
    token: 'live',
    mac: sealOf('live', new Secret(secret)),
  });
  return { session: { ...foreign, jar: { ...foreign.jar, cookieHeader: async () => cookie } } };
}
function half({ example = '', own = '' }: { example?: string; own?: string }): HalfFiles {
  const file = (path: string, text: string) => ({
    path,
    found: { kind: 'file', bytes: Buffer.from(text), mode: 0o600, linked: false } as const,
    tracked: null,
  });
  return {
    side: 'frontend',
    dir: '/project/frontend',
    loader: 'next',
    names: { secret: null, database: null },
    files: [file('frontend/.env.local', own)],
    siblings: [file('frontend/.env.example', example)],
  };
}

describeCheck(check, {
  given: { session: foreign, token: gifts.token },
  passes: {
    'it is of 32 random bytes': sealed(good, { known: true }),
    'the example has another one': sealed(good, { example: 'BETTER_AUTH_SECRET=\nOTHER="something-else"\n' }),
    'it stands in its own file only': sealed(good, { own: `BETTER_AUTH_SECRET=${good}\n` }),
  },
  reports: {
    known: {
      'it is the default of Better Auth': sealed(publicDefault),
      'it is of a tutorial': sealed('your-256-bit-secret'),
      'it is a word with a number': sealed('changeme123'),
      'it is that of the example': sealed(good, { example: `export BETTER_AUTH_SECRET="${good}" \r\n` }),
      'only the cookie is sealed with it': { given: { ...cookieUnder('secret'), token: byKeyRow({}).token } },
      'only the token is sealed with it': {
        given: { token: { ...gifts.token, jwt: new Secret(hs256({ sub: 'user-a' }, 'secret')) } },
      },
    },
    weak: {
      'it has 20 characters': sealed('kD9vX2mQ7pL4wZ8rT1yB', { known: true }),
      'it is regular': sealed('abababababababababababababababababab', { known: true }),
    },
  },
  skips: { 'keys sign, and no cookie is sealed': { given: { token: byKeyRow({}).token } } },
});
