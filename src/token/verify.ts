import type { Finding } from '../core/finding.js';
import type { Algorithm } from './algorithms.js';
import type { Expectations } from './claims.js';
import { ruleOnClaims } from './claims.js';
import { ruleOnHeader } from './header.js';
import type { JsonObject } from './json.js';
import { member } from './json.js';
import type { Key } from './key.js';
import { fingerprint } from './key.js';
import { fault } from './problems.js';
import type { Reading } from './read.js';
import { readToken } from './read.js';
import { verifies } from './signature.js';

export interface VerifyOptions extends Expectations {
  readonly keys: readonly Key[];
  /** asked once for newer keys when the token names a kid that is not among them */
  readonly newerKeys?: () => Promise<readonly Key[]>;
  /** of those that the keys allow, the ones that may be used; all of them unless given */
  readonly algorithms?: readonly Algorithm[];
  /** 16 or more random bytes, fresh in each run, for the fingerprints of secrets */
  readonly runKey: Uint8Array;
}

/** One key that was held against the signature. */
export interface Tried {
  readonly source: string;
  readonly kid: string | null;
  readonly fingerprint: string;
  readonly verifies: boolean;
}

/** What became of the signature: `unseen` where header or keys forbade to look. */
export type SignatureRuling = 'good' | 'bad' | 'unseen';

export interface Verification {
  /** no finding of level `fail`, and a key vouches for the token */
  readonly valid: boolean;
  readonly signature: SignatureRuling;
  readonly reading: Reading;
  readonly header: JsonObject | null;
  readonly claims: JsonObject | null;
  readonly tried: readonly Tried[];
  /** what the keys and the caller allowed */
  readonly allowed: readonly Algorithm[];
  /** all that is wrong: form, header, signature, claims, in this order */
  readonly findings: readonly Finding[];
}

/**
 * Verifies a JWT and tells everything that is wrong with it, not only what comes first. Never throws for a bad token;
 * rejects only with what `newerKeys` rejects with. The rules are those of RFC 7515, RFC 7519 and RFC 8725, without
 * any leniency: one spelling of each part, no repeated names, `exp` demanded, no extension understood.
 */
export async function verifyToken(text: string, options: VerifyOptions): Promise<Verification> {
  const reading = readToken(text);
  const { header, claims } = reading;
  const kid = header === null ? undefined : member(header, 'kid');
  const stale = typeof kid === 'string' && !options.keys.some((key) => key.kid === null || key.kid === kid);
  const keys = stale && options.newerKeys !== undefined ? await options.newerKeys() : options.keys;
  const allowed = allowedBy(keys, options.algorithms);
  const ruled = header === null ? null : ruleOnHeader(header, allowed);
  const seal = ruleOnSignature(reading, ruled?.alg ?? null, ruled?.kid ?? null, keys, options.runKey);
  const findings = [
    ...reading.findings,
    ...(ruled?.findings ?? []),
    ...seal.findings,
    ...(claims === null ? [] : ruleOnClaims(claims, options)),
  ];
  const valid = seal.ruling === 'good' && claims !== null && findings.every(({ level }) => level !== 'fail');
  return { valid, signature: seal.ruling, reading, header, claims, tried: seal.tried, allowed, findings };
}

function allowedBy(keys: readonly Key[], wanted: readonly Algorithm[] | undefined): Algorithm[] {
  const possible = [...new Set(keys.flatMap((key) => key.algorithms))];
  return wanted === undefined ? possible : possible.filter((alg) => wanted.includes(alg));
}

interface Seal {
  readonly ruling: SignatureRuling;
  readonly tried: readonly Tried[];
  readonly findings: readonly Finding[];
}

function ruleOnSignature(
  { token, signature }: Reading,
  alg: Algorithm | null,
  kid: string | null,
  keys: readonly Key[],
  runKey: Uint8Array,
): Seal {
  if (alg === null || signature === null) return { ruling: 'unseen', tried: [], findings: [] };
  const named = kid === null ? keys : keys.filter((key) => key.kid === null || key.kid === kid);
  if (named.length === 0) {
    const known = keys.flatMap((key) => key.kid ?? []).join(', ');
    return { ruling: 'unseen', tried: [], findings: [fault('unknown-kid', { kid, known })] };
  }
  const fitting = named.filter((key) => key.algorithms.includes(alg));
  if (fitting.length === 0) {
    return { ruling: 'unseen', tried: [], findings: [fault('no-key-fits', { count: named.length, alg })] };
  }
  const input = Buffer.from(token.slice(0, token.lastIndexOf('.')), 'latin1');
  const tried: Tried[] = [];
  for (const key of fitting) {
    const good = verifies(key.object, alg, input, signature);
    tried.push({ source: key.source, kid: key.kid, fingerprint: fingerprint(key.object, runKey), verifies: good });
    if (good) return { ruling: 'good', tried, findings: [] };
  }
  const sources = [...new Set(tried.map((one) => one.source))].join(' or ');
  return { ruling: 'bad', tried, findings: [fault('bad-signature', { keys: sources })] };
}
