import type { KeyObject } from 'node:crypto';
import { createHash, createHmac, createSecretKey, hkdfSync } from 'node:crypto';
import { isAlgorithm } from './algorithms.js';
import type { Credential } from './credential.js';
import type { Key } from './key.js';
import { thumbprint } from './key.js';
import { equal, verifies } from './signature.js';

/** One value that a secret may have: as it stands, or as a loader or a shell mangles it. */
export interface Candidate {
  /** in words: `the value of backend/.env`, `the value of backend/.env with a trailing newline` */
  readonly name: string;
  readonly value: string | Uint8Array;
}

/** Names whoever vouches for a credential; none is an empty list. */
export type Scan = (credential: Credential) => readonly string[];

const digests: Readonly<Record<string, readonly [hash: string, block: number]>> = {
  HS256: ['sha256', 64],
  HS384: ['sha384', 128],
  HS512: ['sha512', 128],
};

/**
 * Finds which of the candidates or keys a credential is signed with. Values that are the same HMAC key (equal, or
 * different only in trailing NULs, or one the hash of the other: RFC 2104 2) are tried once and all named.
 * Costs one HMAC for each different value, and memory for the candidates alone.
 */
export function createScan(candidates: readonly Candidate[], keys: readonly Key[]): Scan {
  const byHash = Object.fromEntries(
    Object.entries(digests).map(([alg, [hash, block]]) => [alg, () => groups(candidates, hash, block)] as const),
  );
  const prepared = new Map<string, readonly Group[]>();
  const hmacKeys = (alg: string): readonly Group[] => {
    const known = prepared.get(alg) ?? byHash[alg]?.() ?? [];
    prepared.set(alg, known);
    return known;
  };
  let derived: readonly Derived[] | undefined;
  const hashOf = (alg: string) => digests[alg]?.[0] ?? 'sha256';
  const hmac = (alg: string, input: Buffer, signature: Buffer): readonly string[] => {
    const hash = hashOf(alg);
    // compared as text, which is twice as fast as two buffers; who holds the secrets learns nothing from the time
    const wanted = signature.toString('hex');
    for (const { key, names } of hmacKeys(alg)) {
      if (createHmac(hash, key).update(input).digest('hex') === wanted) return names;
    }
    return [];
  };
  return (credential) => {
    switch (credential.kind) {
      case 'session-cookie':
      case 'session-data-compact':
        return hmac('HS256', credential.input, credential.signature);
      case 'session-data-jwe':
        derived ??= candidates.map(derive);
        return jweNames(derived, credential);
      case 'jwt':
        return credential.alg in digests
          ? hmac(credential.alg, credential.input, credential.signature)
          : keyNames(keys, credential);
      default:
        return [];
    }
  };
}

interface Group {
  readonly key: KeyObject;
  readonly names: readonly string[];
}

function groups(candidates: readonly Candidate[], hash: string, block: number): Group[] {
  const found = new Map<string, { key: KeyObject; names: string[] }>();
  for (const { name, value } of candidates) {
    const bytes = Buffer.from(value);
    // node:crypto refuses nothing here, but an empty key is nobody's secret
    if (bytes.length === 0) continue;
    const shortened = bytes.length > block ? createHash(hash).update(bytes).digest() : bytes;
    const padded = Buffer.concat([shortened, Buffer.alloc(block)])
      .subarray(0, block)
      .toString('latin1');
    const group = found.get(padded);
    if (group === undefined) found.set(padded, { key: createSecretKey(bytes), names: [name] });
    else if (!group.names.includes(name)) group.names.push(name);
  }
  return [...found.values()];
}

interface Derived {
  readonly name: string;
  readonly kid: string;
  readonly macKey: Buffer;
}

/** The key of a jwe session_data cookie: HKDF-SHA256 of the secret, 64 bytes, of which the first half makes the tag. */
function derive({ name, value }: Candidate): Derived {
  const info = 'BetterAuth.js Generated Encryption Key';
  const key = Buffer.from(hkdfSync('sha256', Buffer.from(value), 'better-auth-session', info, 64));
  return { name, kid: thumbprint({ kty: 'oct', k: key.toString('base64url') }), macKey: key.subarray(0, 32) };
}

function jweNames(
  derived: readonly Derived[],
  { input, tag, kid }: Credential & { kind: 'session-data-jwe' },
): string[] {
  // the kid is a claim of the cookie about itself; the tag is the proof
  return derived
    .filter((one) => kid === null || kid === one.kid)
    .filter(({ macKey }) => equal(createHmac('sha512', macKey).update(input).digest().subarray(0, 32), tag))
    .map(({ name }) => name);
}

function keyNames(keys: readonly Key[], { alg, input, signature }: Credential & { kind: 'jwt' }): string[] {
  if (!isAlgorithm(alg)) return [];
  return keys
    .filter((key) => key.algorithms.includes(alg) && verifies(key.object, alg, input, signature))
    .map((key) => (key.kid === null ? key.source : `${key.source}, kid ${key.kid}`));
}
