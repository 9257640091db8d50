import type { Fit } from './holder.js';

export interface DatabaseSeen {
  /** in words, without secrets */
  readonly place: string;
  /** of Better Auth's tables, those that are there */
  readonly tables: readonly string[];
  /** other tables, how many */
  readonly others: number;
  readonly rows: readonly RowSeen[];
}

/** A row of `jwks`. */
export interface RowSeen {
  readonly kid: string;
  readonly alg: string | null;
  readonly created: string;
  readonly expires: string | null;
  readonly form: 'plain' | 'bare' | 'versioned' | 'malformed';
  readonly version: number | null;
  /** what opens it */
  readonly fits: readonly Fit[];
}
