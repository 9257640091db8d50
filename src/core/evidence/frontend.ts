import type { Answer, ClockSeen } from './answer.js';
import type { TokenSeen } from './credential.js';
import type { Fit } from './holder.js';

/** The running frontend, asked without an account. */
export interface FrontendSeen {
  readonly url: string;
  readonly ok: Answer;
  readonly session: Answer;
  readonly token: Answer;
  readonly jwks: Answer;
  readonly keys: readonly { readonly kid: string | null; readonly alg: string | null; readonly kty: string | null }[];
  /** names of session cookies that it clears */
  readonly cookies: readonly string[];
  /** unknown sessions signed with each candidate: cleared means that it took the signature */
  readonly oracle: OracleSeen | null;
  readonly clock: ClockSeen | null;
}

export interface OracleSeen {
  /** the path that was asked */
  readonly path: string;
  /** of a cookie that nobody's secret signed */
  readonly control: 'silent' | 'cleared' | 'unclear';
  readonly fits: readonly Fit[];
  readonly tried: number;
  /** candidates that were left out, for the sake of the rate limit */
  readonly untried: number;
  /** times that it asked for patience */
  readonly waited: number;
}

/** The running frontend, asked by somebody who signs in. */
export interface SessionSeen {
  readonly signIn: Answer;
  readonly cookie: { readonly name: string; readonly fits: readonly Fit[] } | null;
  readonly session: Answer | null;
  /** it knows who signed in */
  readonly known: boolean;
  readonly route: string;
  readonly answer: Answer | null;
  readonly token: TokenSeen | null;
  /** candidates that were held against cookie and token */
  readonly tried: number;
}
