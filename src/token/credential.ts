import { readBase64url } from './base64url.js';
import type { JsonObject } from './json.js';
import { readJsonObject } from './json.js';

/** Something that a secret or a key may have signed, taken apart so that many keys can be held against it quickly. */
export type Credential =
  /** a JWS, also the session_data cookie of strategy jwt: `input` is what the signature covers */
  | {
      readonly kind: 'jwt';
      readonly alg: string;
      readonly kid: string | null;
      readonly input: Buffer;
      readonly signature: Buffer;
    }
  /** the session cookie: `<token>.<base64 of HMAC-SHA256>` */
  | { readonly kind: 'session-cookie'; readonly input: Buffer; readonly signature: Buffer }
  /** the session_data cookie of strategy compact */
  | { readonly kind: 'session-data-compact'; readonly input: Buffer; readonly signature: Buffer }
  /** the session_data cookie of strategy jwe (RFC 7516, dir with A256CBC-HS512) */
  | { readonly kind: 'session-data-jwe'; readonly kid: string | null; readonly input: Buffer; readonly tag: Buffer }
  | { readonly kind: 'unknown'; readonly why: string };

export const longestCredential = 65_536;

/**
 * Reads a JWT, or a Better Auth cookie as `value`, `name=value` or a whole Set-Cookie line, percent-encoded or not.
 * Never throws. Nothing in it is verified.
 */
export function readCredential(text: string, header: HeaderReader = readHeader): Credential {
  if (text.length > longestCredential) return unknown(`longer than ${longestCredential} characters`);
  const value = cookieValue(text.trim());
  if (value === '') return unknown('empty');
  const parts = value.split('.');
  if (parts.length === 3) return jws(parts, header);
  if (parts.length === 5) return jwe(parts);
  if (parts.length === 1) return compact(value);
  const dot = value.lastIndexOf('.');
  const signature = value.slice(dot + 1);
  if (!/^[A-Za-z0-9+/]{43}=$/.test(signature)) return unknown('neither a JWT nor a signed cookie');
  return {
    kind: 'session-cookie',
    input: Buffer.from(value.slice(0, dot)),
    signature: Buffer.from(signature, 'base64'),
  };
}

function cookieValue(text: string): string {
  const named = /^(?:set-cookie:\s*)?[A-Za-z0-9_.-]*(?:session_token|session_data)=([^;]*)/i.exec(text);
  const value = named?.[1] ?? text;
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function unknown(why: string): Credential {
  return { kind: 'unknown', why };
}

/** The JOSE header of a part; null where it is none. */
type HeaderReader = (part: string) => JsonObject | null;

const readHeader: HeaderReader = (part) => {
  const { bytes } = readBase64url(part);
  return bytes === null ? null : readJsonObject(bytes).object;
};

/** Reads a header only when it is another than the last: many tokens of one signer have the same one. */
export function headersInARow(): HeaderReader {
  let last: { readonly part: string; readonly header: JsonObject | null } | undefined;
  return (part) => {
    if (last?.part !== part) last = { part, header: readHeader(part) };
    return last.header;
  };
}

function jws([header = '', payload = '', signature = '']: readonly string[], reader: HeaderReader): Credential {
  const seal = readBase64url(signature).bytes;
  const read = reader(header);
  if (read === null || seal === null) return unknown('three parts, and not a JWT');
  const { alg, kid } = read;
  if (typeof alg !== 'string') return unknown('a JWT without alg');
  const input = Buffer.from(`${header}.${payload}`, 'latin1');
  return { kind: 'jwt', alg, kid: typeof kid === 'string' ? kid : null, input, signature: seal };
}

/** What an HMAC covers in A256CBC-HS512 (RFC 7518 5.2.2.1): the header as it stands, IV, ciphertext, header bits. */
function jwe([header = '', wrapped = '', iv = '', ciphertext = '', tag = '']: readonly string[]): Credential {
  const [head, vector, body, seal] = [header, iv, ciphertext, tag].map((part) => readBase64url(part).bytes);
  const read = head ? readJsonObject(head).object : null;
  if (!read || !vector || !body || !seal || wrapped !== '') return unknown('five parts, and not such a JWE');
  if (read.alg !== 'dir' || read.enc !== 'A256CBC-HS512')
    return unknown('a JWE of another kind than Better Auth makes');
  const covered = Buffer.from(header, 'latin1');
  const bits = Buffer.alloc(8);
  bits.writeBigUInt64BE(BigInt(covered.length * 8));
  const { kid } = read;
  return {
    kind: 'session-data-jwe',
    kid: typeof kid === 'string' ? kid : null,
    input: Buffer.concat([covered, vector, body, bits]),
    tag: seal,
  };
}

/** The signature covers the session's members and expiresAt, written again as JSON in the order in which they came. */
function compact(value: string): Credential {
  const { bytes } = readBase64url(value);
  const read = bytes === null ? null : readJsonObject(bytes).object;
  const { session, expiresAt, signature } = read ?? {};
  if (typeof session !== 'object' || session === null || typeof signature !== 'string') {
    return unknown('neither a JWT nor a signed cookie');
  }
  const seal = readBase64url(signature).bytes;
  if (seal === null) return unknown('a session_data cookie without a signature');
  return {
    kind: 'session-data-compact',
    input: Buffer.from(JSON.stringify({ ...session, expiresAt }), 'utf8'),
    signature: seal,
  };
}
