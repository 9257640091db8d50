import { createPublicKey, createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Algorithm } from '../../src/token/algorithms.js';
import type { Key } from '../../src/token/key.js';
import { randomBytes } from '../support/chance.js';

/** A pair that signs and verifies for an algorithm; the same object twice for a secret. */
export interface Pair {
  readonly alg: Algorithm;
  readonly signs: KeyObject;
  readonly verifies: KeyObject;
}

function pair(alg: Algorithm, signs: KeyObject): Pair {
  return { alg, signs, verifies: signs.type === 'secret' ? signs : createPublicKey(signs) };
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;
// text, as secrets of environments are
const secret = () => createSecretKey(Buffer.from(randomBytes(32).toString('hex')));
const ed = generateKeyPairSync('ed25519').privateKey;

/** One of each, fresh in each run. */
export const pairs: readonly Pair[] = [
  pair('HS256', secret()),
  pair('HS384', secret()),
  pair('HS512', secret()),
  pair('RS256', rsa),
  pair('RS384', rsa),
  pair('RS512', rsa),
  pair('PS256', rsa),
  pair('PS384', rsa),
  pair('PS512', rsa),
  pair('ES256', ec('P-256')),
  pair('ES384', ec('P-384')),
  pair('ES512', ec('P-521')),
  pair('EdDSA', ed),
  pair('Ed25519', ed),
];

export function pairFor(alg: Algorithm): Pair {
  const found = pairs.find((one) => one.alg === alg);
  if (found === undefined) throw new Error(`no pair for ${alg}`);
  return found;
}

export function keyOf({ alg, verifies }: Pair, kid: string | null = null): Key {
  return { source: `the ${alg} key`, kid, algorithms: [alg], object: verifies };
}
