/** Why text is not base64url as RFC 7515 2 writes it; `spare-bits` and `padding` still have one reading. */
export type Base64urlFault = 'alphabet' | 'padding' | 'length' | 'spare-bits';

export interface Base64url {
  /** the bytes; null where the text has no single reading */
  readonly bytes: Buffer | null;
  readonly fault: Base64urlFault | null;
}

/**
 * Reads base64url strictly: the alphabet of RFC 4648 5, no padding, no white space, and the bits that carry nothing
 * are zero, so that each byte sequence has exactly one spelling.
 */
export function readBase64url(text: string): Base64url {
  const bare = text.replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9_-]*$/.test(bare)) return { bytes: null, fault: 'alphabet' };
  if (bare.length % 4 === 1) return { bytes: null, fault: 'length' };
  const bytes = Buffer.from(bare, 'base64url');
  if (bare.length !== text.length) return { bytes, fault: 'padding' };
  return { bytes, fault: bytes.toString('base64url') === text ? null : 'spare-bits' };
}

/** JSON as a part of a compact JWS. */
export function encodeJson(value: unknown): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
}
