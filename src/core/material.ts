import type { Secret } from './secret.js';

/** What was found where a file may be. */
export type Found =
  | { readonly kind: 'absent' }
  | { readonly kind: 'folder' }
  /** a pipe, a device, a socket */
  | { readonly kind: 'special' }
  /** `why`: the system's reason in words */
  | { readonly kind: 'unreadable'; readonly why: string }
  /** `size`: bytes; `inLines`: it has more lines than are read, not more bytes */
  | { readonly kind: 'too-large'; readonly size: number; readonly inLines?: true }
  /** `mode`: the permission bits; `linked`: reached through a symbolic link */
  /** `modified`: milliseconds since the epoch */
  | {
      readonly kind: 'file';
      readonly bytes: Uint8Array;
      readonly mode: number;
      readonly linked: boolean;
      readonly modified?: number;
    };

/** A place where an env file may be, and what is there. */
export interface SeenFile {
  /** for messages */
  readonly path: string;
  readonly found: Found;
  /** in git's index; null where there is no repository */
  readonly tracked: boolean | null;
}

/** The secrets of a Better Auth server, as it orders them itself. */
export interface SecretSet {
  /** signs cookies, and encrypts what is written from now on */
  readonly current: Secret;
  /** by version, for what is written as `$ba$<version>$...`; empty without BETTER_AUTH_SECRETS */
  readonly versions: ReadonlyMap<number, Secret>;
  /** decrypts what has no version; null where BETTER_AUTH_SECRETS stands alone */
  readonly legacy: Secret | null;
}

/** Secrets that may be the deployment's, and where they stand, in words. */
export interface Candidate {
  readonly place: string;
  readonly set: SecretSet;
}

/** A row of Better Auth's `jwks` table. */
export interface JwksRow {
  readonly id: string;
  /** a JWK as JSON */
  readonly publicKey: string;
  /** a JWK as JSON, or a JSON string that holds the encrypted one */
  readonly privateKey: Secret | string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  /** null in rows of before 1.7 */
  readonly alg: string | null;
}

/** One half of the checkout: what was seen of its env files, and who reads them. */
export interface HalfFiles {
  readonly side: 'frontend' | 'backend';
  /** absolute */
  readonly dir: string;
  /** a name of `src/env-file/loader.ts` */
  readonly loader: string;
  /** its own names for what both sides share; null: the usual ones */
  readonly names: { readonly secret: string | null; readonly database: string | null };
  /** those that its loader reads, in the order of its reading */
  readonly files: readonly SeenFile[];
  /** those beside them, whose values may have been taken for the right ones */
  readonly siblings: readonly SeenFile[];
}

/** What a run was given beside addresses and users. Each part may be missing; a check that wants it is then skipped. */
export interface Material {
  /** the checkout's env files; null where there is no checkout, or it need not be this deployment's */
  readonly halves: { readonly frontend: HalfFiles; readonly backend: HalfFiles } | null;
  /** the major version of Node that is taken for the services' */
  readonly node: number;
  /** the environment of this process, which a loader lets win over files */
  readonly shell: Readonly<Record<string, string | undefined>>;
  /** the best first */
  readonly candidates: readonly Candidate[];
  /** all rows of `jwks`; null where no database is declared. Asked once a run; throws Unreachable */
  jwks(): Promise<readonly JwksRow[] | null>;
  /** the process that listens at the address of a half on this machine; null where it cannot be told */
  process(side: HalfFiles['side']): Promise<Process | null>;
  /**
   * how often a text of one line stands in the access log of what stands before the deployment, as it is now; null where
   * none is named
   */
  accessLog(text: string): Promise<{ readonly path: string; readonly times: number } | null>;
  /** the token of an expired session of a user; null where the database has none, or none is declared. Throws Unreachable */
  expiredSession(userId: string): Promise<Secret | null>;
}

/** A process of this machine; when it started, in milliseconds since the epoch, null where that is not told. */
export interface Process {
  readonly pid: number;
  readonly started: number | null;
}

/** Nothing but addresses and users. */
export const noMaterial: Material = {
  halves: null,
  node: 24,
  shell: {},
  candidates: [],
  jwks: async () => null,
  process: async () => null,
  expiredSession: async () => null,
  accessLog: async () => null,
};
