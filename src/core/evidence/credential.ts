import type { Answer } from './answer.js';
import type { Fit } from './holder.js';

/** A token: what it says of itself, and what was found of its signature. */
export interface TokenSeen {
  readonly alg: string | null;
  readonly kid: string | null;
  readonly iss: string | null;
  readonly aud: string | null;
  readonly sub: 'text' | 'number' | 'absent' | 'other';
  /** seconds from the server's time to `exp` and `iat`; null where it has none */
  readonly expIn: number | null;
  readonly iatIn: number | null;
  /** of HS256: which secrets made it */
  readonly fits: readonly Fit[];
  /** of the others: a key of the JWKS has its kid, and verifies it; null where there is no JWKS */
  readonly published: boolean | null;
  readonly verified: boolean | null;
}

/** A token or cookie that somebody handed in. */
export interface CredentialSeen {
  /** `the token of --token-file`, `Authorization of GET /api/me in trace.har` */
  readonly source: string;
  readonly kind: string;
  /** what is wrong with its form */
  readonly fault: string | null;
  readonly token: TokenSeen | null;
  readonly fits: readonly Fit[];
  /** for one that went to the backend: what was answered */
  readonly answer: Answer | null;
}
