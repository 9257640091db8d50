import type { Finding } from '../core/finding.js';
import { dateWords, durationWords } from './duration.js';
import type { JsonObject } from './json.js';
import { member } from './json.js';
import { fault, typeName } from './problems.js';

export interface Expectations {
  /** milliseconds since the epoch */
  readonly now: number;
  /** seconds by which clocks may differ, 0 unless given */
  readonly leeway?: number;
  /** `iss` must be this very text */
  readonly issuer?: string;
  /** `aud` must be, or hold, one of these */
  readonly audience?: readonly string[];
}

/** Everything that is wrong with a claims set (RFC 7519 4.1), by how much, in the order in which it is read. */
export function ruleOnClaims(claims: JsonObject, expected: Expectations): Finding[] {
  return [...times(claims, expected), ...issuer(claims, expected), ...audience(claims, expected), ...subject(claims)];
}

function times(claims: JsonObject, { now, leeway = 0 }: Expectations): Finding[] {
  const findings: Finding[] = [];
  const seconds = now / 1000;
  const number = (claim: string) => {
    const value = member(claims, claim);
    if (value === undefined) return null;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    findings.push(fault('not-a-number', { claim, type: typeName(value) }));
    return null;
  };
  const exp = number('exp');
  const nbf = number('nbf');
  const iat = number('iat');
  if (member(claims, 'exp') === undefined) findings.push(fault('no-exp', {}));
  if (exp !== null && exp <= seconds - leeway) {
    findings.push(fault('expired', { ago: durationWords(seconds - exp), at: dateWords(exp) }));
  }
  if (nbf !== null && nbf > seconds + leeway) {
    findings.push(fault('not-yet', { at: dateWords(nbf), in: durationWords(nbf - seconds) }));
  }
  if (iat !== null && iat > seconds + leeway) {
    findings.push(fault('issued-in-future', { in: durationWords(iat - seconds) }));
  }
  return findings;
}

function issuer(claims: JsonObject, { issuer: expected }: Expectations): Finding[] {
  const iss = member(claims, 'iss');
  if (expected === undefined || iss === expected) return [];
  if (iss === undefined) return [fault('no-iss', { expected })];
  return [fault('iss', { iss: shown(iss), expected }, nearMiss(iss, [expected]))];
}

function audience(claims: JsonObject, { audience: expected = [] }: Expectations): Finding[] {
  if (expected.length === 0) return [];
  const aud = member(claims, 'aud');
  const words = expected.join(' or ');
  if (aud === undefined) return [fault('no-aud', { expected: words })];
  const held = typeof aud === 'string' ? [aud] : Array.isArray(aud) ? aud : [];
  if (held.every((one) => typeof one === 'string') && held.some((one) => expected.includes(one))) return [];
  return [fault('aud', { aud: shown(aud), expected: words }, nearMiss(held[0], expected))];
}

function subject(claims: JsonObject): Finding[] {
  const sub = member(claims, 'sub');
  return sub === undefined || typeof sub === 'string' ? [] : [fault('sub-not-text', { type: typeName(sub) })];
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value === '' ? 'empty' : value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) {
    return value.length === 0 ? 'an empty list' : value.join(', ');
  }
  return typeName(value);
}

/** The one thing in which two addresses differ, where it is one that the eye passes over. */
function nearMiss(seen: unknown, expected: readonly string[]): string | undefined {
  if (typeof seen !== 'string') return undefined;
  const differs: [word: string, same: (text: string) => string][] = [
    ['a trailing slash', (text) => text.replace(/\/+$/, '')],
    ['capital letters', (text) => text.toLowerCase()],
    ['white space', (text) => text.trim()],
    ['http and https', (text) => text.replace(/^https:/, 'http:')],
    ['localhost and 127.0.0.1', (text) => text.replace('://127.0.0.1', '://localhost')],
    ['the path: Better Auth writes the origin alone', (text) => text.replace(/^(\w+:\/\/[^/]+)\/.*$/, '$1')],
  ];
  const found = differs.find(([, same]) => expected.some((one) => same(one) === same(seen)));
  return found === undefined ? undefined : `they differ only in ${found[0]}`;
}
