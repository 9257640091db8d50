import { generateKeyPairSync } from 'node:crypto';
import check from '../../../src/checks/token/jwks-sound.js';
import { gifts } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';
import { byKeyRow } from '../../support/verifying-api.js';

const signer = byKeyRow({});
const [key] = signer.published.keys;
const otherKey = (kid: string) => ({
  ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }),
  alg: 'EdDSA',
  kid,
});
const answers = (reply: ScriptedReply | 'no answer') => ({ http: { 'GET /api/auth/jwks': reply } });
const publishes = (...keys: unknown[]) => answers({ status: 200, json: { keys } });
const bySecret = { given: { token: gifts.token } };

describeCheck(check, {
  given: { token: signer.token },
  passes: {
    'it has the key that signs': publishes(key),
    'a cold start made two': publishes(otherKey('key-0'), key),
    'it has keys for other things': publishes(
      key,
      { ...generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' }), kid: 'e', use: 'enc' },
      { kty: 'AKP', alg: 'ML-DSA-44', pub: 'abc', kid: 'f' },
    ),
    'a shared secret signs, and the keys of the plugin lie idle': { ...publishes(otherKey('idle')), ...bySecret },
  },
  reports: {
    'private-published': {
      'it has the private number': publishes({ ...key, d: 'c2VjcmV0' }),
      'it has the column of the table': publishes({ ...key, privateKey: '"aabb"' }),
      'it has that of a key that signs nothing': publishes(key, { ...otherKey('old'), d: 'c2VjcmV0' }),
      'it has that of an idle key': { ...publishes({ ...otherKey('idle'), d: 'c2VjcmV0' }), ...bySecret },
    },
    'secret-published': {
      'the secret lies beside the keys': publishes(key, { kty: 'oct', k: 'c2VjcmV0', kid: 'shared' }),
      'the secret is the only key': { ...publishes({ kty: 'oct', k: 'c2VjcmV0' }), ...bySecret },
    },
    unreadable: {
      'a page answers': answers({ status: 200, text: '<html>' }),
      'it crashes': answers({ status: 500 }),
      'keys is no list': answers({ status: 200, json: { keys: 'none' } }),
    },
    'signer-missing': { 'another replica made its own': publishes(otherKey('key-2')), 'it is empty': publishes() },
    unusable: { 'a key has the wrong length': publishes(key, { ...otherKey('short'), x: 'AAAA' }) },
    'one-name-twice': { 'two keys have one name': publishes(key, otherKey('key-1')) },
    unfit: {
      'the key of that name is for another algorithm': publishes({
        ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
        kid: 'key-1',
      }),
    },
    'many-keys': { 'each start made one': publishes(key, ...['a', 'b', 'c', 'd'].map(otherKey)) },
  },
  skips: {
    'there are none': answers({ status: 404 }),
    'there are none, since a secret is shared': { ...answers({ status: 404 }), ...bySecret },
  },
  inconclusive: { 'nobody answers': answers('no answer') },
});
