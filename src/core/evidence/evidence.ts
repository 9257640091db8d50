import type { Observation } from '../observation.js';
import type { BackendSeen, ReplicasSeen } from './backend.js';
import type { CredentialSeen } from './credential.js';
import type { DatabaseSeen } from './database.js';
import type { FilesSeen, ProcessSeen } from './files.js';
import type { FrontendSeen, SessionSeen } from './frontend.js';
import type { Holder } from './holder.js';
import type { Side } from './side.js';

/** What can be looked at, one by one. */
export const parts = [
  'files of the frontend',
  'files of the backend',
  'process of the frontend',
  'process of the backend',
  'frontend',
  'session',
  'backend',
  'database',
  'credential',
  'replicas',
  'checkout',
] as const;
export type Part = (typeof parts)[number];

/** One part that somebody asked for, and whether it could be looked at. */
export interface Look {
  readonly part: Part;
  /** null: seen; else why not, in words */
  readonly failed: string | null;
  /** what would let it be seen, where that is known: `give --user-a and LOCKSTEP_A_PASSWORD` */
  readonly hint?: string;
  /** nobody asked for it by name: that it cannot be seen leaves nothing open */
  readonly byTheWay?: true;
}

/**
 * All that was seen of a deployment, as plain JSON data: what rules read, what `--record` writes and `--replay` reads.
 * Each part is there or not. No secret is in it: a value that may be one is a `Holder`, known by its fingerprint under
 * a key that is thrown away, and what signed or sealed something is told by the names of holders and variants.
 */
export interface Evidence {
  readonly schemaVersion: 1;
  /** of lockstep */
  readonly version: string;
  /** ISO 8601 */
  readonly at: string;
  /** what was asked for */
  readonly looks: readonly Look[];
  /** how the backend is said to trust tokens; absent or `auto` where nobody says */
  readonly trust?: 'auto' | 'jwks' | 'shared-secret';
  /** everything that the secret may be, wherever it was found */
  readonly holders: readonly Holder[];
  readonly files?: FilesSeen;
  readonly processes?: { readonly [S in Side]?: ProcessSeen };
  readonly frontend?: FrontendSeen;
  readonly session?: SessionSeen;
  readonly backend?: BackendSeen;
  readonly database?: DatabaseSeen;
  readonly credentials?: readonly CredentialSeen[];
  readonly replicas?: ReplicasSeen;
  /** what the source trees of both sides say (`--checkout`) */
  readonly observations?: readonly Observation[];
}
