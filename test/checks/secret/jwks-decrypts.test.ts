import { generateKeyPairSync } from 'node:crypto';
import { symmetricEncrypt } from 'better-auth/crypto';
import check from '../../../src/checks/secret/jwks-decrypts.js';
import type { JwksRow, Material } from '../../../src/core/material.js';
import { parseSecrets, singleSecret } from '../../../src/token/secrets.js';
import { gifts } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script } from '../../support/fake-world.js';
import { boxed } from '../../support/halves.js';

const secret = 'a-secret-of-the-tests-with-more-than-32-characters';
const pair = () => generateKeyPairSync('ed25519');
const { publicKey, privateKey } = pair();
const publicJwk = publicKey.export({ format: 'jwk' });
/** The column as Better Auth itself writes it. */
const encrypted = async (by: string) =>
  JSON.stringify(await symmetricEncrypt({ key: by, data: JSON.stringify(privateKey.export({ format: 'jwk' })) }));
const row = (column: string, id = 'key-1'): JwksRow => ({
  id,
  publicKey: JSON.stringify(publicJwk),
  privateKey: boxed(column),
  createdAt: new Date(0),
  expiresAt: null,
  alg: 'EdDSA',
});
const known = (...values: string[]): Pick<Material, 'candidates'> => ({
  candidates: values.map((value) => ({ place: 'the test', set: singleSecret(boxed(value)) })),
});
const rows = (...all: readonly JwksRow[]): Pick<Material, 'jwks'> => ({ jwks: async () => all });
const server = (status = 200, published: object = publicJwk): Script => ({
  'GET /api/auth/token': { status },
  'GET /api/auth/jwks': { status: 200, json: { keys: [{ ...published, kid: 'key-1', alg: 'EdDSA' }] } },
});
const good = row(await encrypted(secret));
const plain = row(JSON.stringify(privateKey.export({ format: 'jwk' })));
const versioned = row(JSON.stringify(`$ba$1$${JSON.parse(await encrypted('the-older-entry-of-the-list'))}`));
const rotated = parseSecrets(`2:${secret},1:the-older-entry-of-the-list`, boxed(secret));

describeCheck(check, {
  given: { session: gifts.session },
  passes: {
    'it opens, and is the published one': { material: { ...known(secret), ...rows(good) }, http: server() },
    'the second secret that is known opens it': {
      material: { ...known('another-secret', secret), ...rows(good) },
      http: server(),
    },
  },
  reports: {
    'wrong-secret': {
      'it was encrypted under another': {
        material: { ...known(secret), ...rows(row(await encrypted('the-secret-of-before'))) },
        http: server(500),
      },
    },
    'read-otherwise': {
      'it opens, and the server crashes': { material: { ...known(secret), ...rows(good) }, http: server(500) },
    },
    'not-published': {
      'another key has its id': {
        material: { ...known(secret), ...rows(good) },
        http: server(200, pair().publicKey.export({ format: 'jwk' })),
      },
    },
    'not-encrypted': { 'it lies there as it is': { material: { ...known(secret), ...rows(plain) }, http: server() } },
    'older-secret': {
      'an older entry opens it': {
        material: { candidates: [{ place: 'the test', set: rotated }], ...rows(versioned) },
        http: server(),
      },
    },
  },
  skips: {
    'no database is given': { material: known(secret) },
    'there are no keys': { material: { ...known(secret), ...rows() } },
    'no secret is known': { material: rows(good) },
    "the secret that is known is not the server's": {
      material: { ...known('a-secret-of-another-checkout'), ...rows(good) },
      http: server(),
    },
  },
});
