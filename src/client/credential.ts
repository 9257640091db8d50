/** What the client may read out of a token without trusting it (RFC 7519 4.1). */
export interface Claims {
  /** milliseconds since the epoch, Infinity where it does not say */
  readonly exp: number;
  readonly sub: string | null;
}

/** What an application would send by mistake: the text of nothing, and what templates are filled with. */
const placeholder = /^(undefined|null|nan|true|false|bearer|token|token_placeholder|changeme|xxx)$/i;

/** RFC 6750 2.1: b64token; no `[object Object]`, no blank, nothing empty */
const b64token = /^[a-z0-9\-._~+/]+=*$/i;

/**
 * A JWS has three parts, a JWE five, of which the second is empty where the key was agreed upon (RFC 7515, RFC 7516
 * 5.1): anything else was cut on its way.
 */
const jwt = /^[^.]+(\.[^.]+\.[^.]+|\.[^.]*(\.[^.]+){3})$/;

/** Text that can stand after `Bearer `: not empty, not blank, no placeholder, three parts where it begins like a JWT. */
export function isToken(text: unknown): text is string {
  if (typeof text !== 'string' || !b64token.test(text) || placeholder.test(text)) return false;
  return !text.startsWith('eyJ') || jwt.test(text);
}

/** The claims of a JWT, unverified; those of nobody for anything else. The signature is the server's business. */
export function claimsOf(token: string): Claims {
  const [, payload = '', ...rest] = token.split('.');
  try {
    if (rest.length !== 1) throw rest;
    const text = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
    // whatever else JSON can be has no claims, or throws as null does
    const { exp, sub } = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    return {
      exp: typeof exp === 'number' ? exp * 1000 : Number.POSITIVE_INFINITY,
      sub: typeof sub === 'string' ? sub : null,
    };
  } catch {
    return { exp: Number.POSITIVE_INFINITY, sub: null };
  }
}
