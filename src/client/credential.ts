/** What the client may read out of a token without trusting it (RFC 7519 4.1). */
export interface Claims {
  /** seconds since the epoch */
  readonly iat?: number;
  readonly exp?: number;
  readonly sub?: string;
}

/** What an application would send by mistake: the text of nothing, and what templates are filled with. */
const placeholders = new Set([
  'undefined',
  'null',
  'nan',
  'true',
  'false',
  '[object object]',
  'bearer',
  'token',
  'token_placeholder',
  'changeme',
  'xxx',
]);

/** RFC 6750 2.1: b64token */
const b64token = /^[A-Za-z0-9\-._~+/]+=*$/;

/** Text that can stand after `Bearer `: not empty, not blank, no placeholder, three parts where it begins like a JWT. */
export function isToken(text: unknown): text is string {
  if (typeof text !== 'string' || !b64token.test(text) || placeholders.has(text.toLowerCase())) return false;
  if (!text.startsWith('eyJ')) return true;
  const parts = text.split('.');
  // a JWS has three parts, a JWE five (RFC 7515, RFC 7516); fewer means that it was cut on its way
  return (parts.length === 3 || parts.length === 5) && parts.every((part) => part.length > 0);
}

/** The claims of a JWT, unverified; empty for anything else. The signature is the server's business. */
export function claimsOf(token: string): Claims {
  const [, payload, signature, ...rest] = token.split('.');
  if (payload === undefined || signature === undefined || rest.length > 0) return {};
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
      char.charCodeAt(0),
    );
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof claims !== 'object' || claims === null) return {};
    const { iat, exp, sub } = claims as Record<string, unknown>;
    return {
      ...(typeof iat === 'number' && Number.isFinite(iat) ? { iat } : {}),
      ...(typeof exp === 'number' && Number.isFinite(exp) ? { exp } : {}),
      ...(typeof sub === 'string' ? { sub } : {}),
    };
  } catch {
    return {};
  }
}
