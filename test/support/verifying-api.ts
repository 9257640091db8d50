import { generateKeyPairSync, sign, verify } from 'node:crypto';
import type { JwksRow } from '../../src/core/material.js';
import { Secret } from '../../src/core/secret.js';
import { singleSecret } from '../../src/token/secrets.js';
import type { HttpRequest } from '../../src/world.js';
import { bearerOf, claimsOf, hs256, verifies } from './deployment.js';
import type { Case } from './describe-check.js';
import type { ScriptedReply } from './fake-world.js';

/** The secret under which `tokens` of test/support/deployment.ts are signed. */
export const theSecret = 'the-secret-of-the-tests';
export const known = { candidates: [{ place: 'the test', set: singleSecret(new Secret(theSecret)) }] };
export const another = { candidates: [{ place: 'another', set: singleSecret(new Secret('another-secret')) }] };

export const me: ScriptedReply = { status: 200, json: { id: 'user-a' } };
export const refuses: ScriptedReply = { status: 401, json: { error: 'no token' } };

/** Claims of a token, or what else the API thinks of; true takes it, false refuses it. */
type Takes = (claims: Record<string, unknown>, jwt: string) => boolean | ScriptedReply;

/** An API that is sent bearer tokens and asks `takes` what it thinks of each; the secret is known to lockstep. */
export function bearerApi(takes: (jwt: string) => boolean | ScriptedReply): Case {
  return {
    material: known,
    http: {
      'GET /api/me': (request: HttpRequest) => {
        const answer = takes(bearerOf(request) ?? '');
        return typeof answer === 'boolean' ? (answer ? me : refuses) : answer;
      },
    },
  };
}

/** The same, with the signature verified before. */
export function verifyingApi(takes: Takes): Case {
  return bearerApi((jwt) => verifies(jwt, theSecret) && takes(claimsOf(jwt), jwt));
}

/** A token of user A with these claims, as `token/fetch` gives it. */
export function tokenWith(claims: Readonly<Record<string, unknown>>, userId = 'user-a') {
  const all = { sub: 'user-a', ...claims };
  return {
    jwt: new Secret(hs256(all, theSecret)),
    alg: 'HS256',
    userId,
    names: ['user-a', 'a@example.test'],
    claims: all,
  };
}

/** A token of user A by a key of its own, and the key row that is known to lockstep as a database would give it. */
export function byKeyRow(claims: Readonly<Record<string, unknown>>) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${encode({ alg: 'EdDSA', kid: 'key-1' })}.${encode({ sub: 'user-a', ...claims })}`;
  const jwt = `${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`;
  const row: JwksRow = {
    id: 'key-1',
    publicKey: JSON.stringify(publicKey.export({ format: 'jwk' })),
    privateKey: new Secret(JSON.stringify(privateKey.export({ format: 'jwk' }))),
    createdAt: new Date(0),
    expiresAt: null,
    alg: null,
  };
  return {
    publicKey,
    token: { ...tokenWith(claims), alg: 'EdDSA', jwt: new Secret(jwt) },
    material: { jwks: async () => [row] },
    /** the JWK Set that an auth server publishes */
    published: { keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'EdDSA', kid: 'key-1' }] },
    verifies(text: string): boolean {
      const [header, payload, signature = ''] = text.split('.');
      return verify(null, Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url'));
    },
  };
}
