import type { Side } from './side.js';

/** A place that holds a value. Two holders with one fingerprint hold the same. */
export interface Holder {
  /** unique within the evidence, and for people: `frontend`, `BETTER_AUTH_SECRET of frontend/.env.bak` */
  readonly id: string;
  readonly kind: HolderKind;
  /** whose it is; null: nobody's in particular */
  readonly side: Side | null;
  /** the variable */
  readonly name: string;
  readonly path: string | null;
  readonly line: number | null;
  /** by what its file was read: `Next.js` */
  readonly loader: string | null;
  readonly fingerprint: string;
  readonly empty: boolean;
}

export type HolderKind =
  /** what the side's own loader makes of its own files */
  | 'current'
  /** an entry of BETTER_AUTH_SECRETS */
  | 'version'
  /** a variable of another name in the same files */
  | 'other-name'
  /** an assignment of the same name that another one beats */
  | 'beaten'
  /** the same line by another loader */
  | 'other-loader'
  /** another env file of the same folder */
  | 'sibling'
  | 'backup'
  | 'example'
  /** a file named by `--also` */
  | 'environment'
  /** exported in the shell of this run */
  | 'shell'
  /** in the environment with which the running process was started */
  | 'process'
  /** Better Auth's public default */
  | 'default';

/** A holder whose value, as it stands (`variant` null) or changed so, is the key that was looked for. */
export interface Fit {
  readonly holder: string;
  readonly variant: string | null;
}
