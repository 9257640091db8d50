import type { Finding } from '../core/finding.js';
import type { Base64url } from './base64url.js';
import { readBase64url } from './base64url.js';
import type { JsonObject } from './json.js';
import { deepest, readJsonObject } from './json.js';
import { fault } from './problems.js';

/** Longest token that is looked at, in characters. A Better Auth token has less than a thousand. */
export const longestToken = 16_384;

/** A compact JWS taken apart. Nothing in it is verified. */
export interface Reading {
  /** the text without white space around it */
  readonly token: string;
  /** null where it is not one JSON object */
  readonly header: JsonObject | null;
  readonly claims: JsonObject | null;
  /** null where the text has not the parts that a signature could cover */
  readonly signature: Buffer | null;
  readonly findings: readonly Finding[];
}

/**
 * Reads a JWT in compact serialization (RFC 7515 3.1, RFC 7519 3) strictly, and tells everything that is wrong with
 * its form. Never throws; time and memory are bounded by `longestToken`.
 */
export function readToken(text: string): Reading {
  const nothing = { token: '', header: null, claims: null, signature: null };
  if (text.length > longestToken) {
    return { ...nothing, findings: [fault('too-large', { length: text.length, most: longestToken })] };
  }
  const token = text.trim();
  if (token === '') return { ...nothing, findings: [fault('empty', {})] };
  const findings: Finding[] = token === text ? [] : [fault('trailing-bytes', { what: 'white space' })];
  const parts = token.split('.');
  const [header, payload, signature] = parts;
  if (header === undefined || payload === undefined || signature === undefined || parts.length > 3) {
    return {
      ...nothing,
      token,
      findings: [...findings, fault('not-three-parts', { parts: parts.length, kind: kindOf(token) })],
    };
  }
  const seal = decoded('signature', signature, findings);
  return {
    token,
    header: jsonPart('header', header, findings),
    claims: jsonPart('claims', payload, findings),
    signature: seal.bytes,
    findings,
  };
}

const why = {
  alphabet: 'it has a character that does not belong there',
  length: 'its length is impossible',
  padding: 'it ends in =',
  'spare-bits': 'bits that carry nothing are set in its last character',
} as const;

function decoded(part: string, text: string, findings: Finding[]): Base64url {
  const read = readBase64url(text);
  if (read.fault === null) return read;
  findings.push(fault(read.bytes === null ? 'not-base64url' : 'not-canonical', { part, why: why[read.fault] }));
  return read;
}

const broken = {
  utf8: 'its bytes are not UTF-8',
  syntax: 'it does not parse',
  'not-an-object': 'it is JSON of another kind',
  'too-deep': `it is nested deeper than ${deepest}`,
} as const;

function jsonPart(part: string, text: string, findings: Finding[]): JsonObject | null {
  const { bytes } = decoded(part, text, findings);
  if (bytes === null) return null;
  const { object, fault: wrong, duplicates } = readJsonObject(bytes);
  if (wrong !== null) findings.push(fault('not-json', { part, why: broken[wrong] }));
  for (const name of duplicates) findings.push(fault('duplicate-name', { part, name }));
  return object;
}

/** What was most likely sent in place of a JWT, by its form alone. */
function kindOf(token: string): string {
  const parts = token.split('.').length;
  if (parts === 5) return 'an encrypted token (JWE), such as the session_data cookie of strategy jwe';
  if (/%2E|%2B|%2F|%3D/i.test(token) || (parts === 2 && /^[^.]+\.[A-Za-z0-9+/]{43}=$/.test(token))) {
    return 'the form of a session cookie';
  }
  if (parts === 1) return /^[A-Za-z0-9]{32}$/.test(token) ? 'the form of a session token' : 'not a JWT';
  return 'not a JWT';
}
