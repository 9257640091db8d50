import type { Finding } from './finding.js';
import type { Observation } from './observation.js';

export type Side = 'frontend' | 'backend';

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

export interface FilesSeen {
  readonly frontend?: SideFiles;
  readonly backend?: SideFiles;
  /** null where one side's value is not known */
  readonly agree: boolean | null;
  /** how one side's value comes from the other's, where that is known */
  readonly relation: { readonly mangled: Side; readonly variant: string } | null;
  /** both files say the same bytes, and the loaders read them otherwise */
  readonly sameText: boolean;
  /** of `env check` */
  readonly findings: readonly Finding[];
}

export interface SideFiles {
  readonly loader: string;
  readonly files: readonly FileSeen[];
  /** the id of the holder that decides; null where no file sets the secret */
  readonly holder: string | null;
  /** what other releases of the loader make of the secret: the same, something else, or nothing at all */
  readonly otherReleases: 'same' | 'other' | 'nothing';
  /** the variable that the side is said or known to read */
  readonly name: string;
  /** names that look like a secret's, in the files that the loader reads */
  readonly secretNames: readonly string[];
  /** settings that are no secrets, as the loader reads them: addresses without user, password and query, algorithms */
  readonly settings: readonly SettingSeen[];
}

export interface SettingSeen {
  readonly name: string;
  readonly value: string;
  readonly path: string | null;
  readonly line: number | null;
}

export interface FileSeen {
  readonly path: string;
  readonly found: 'absent' | 'folder' | 'special' | 'unreadable' | 'too-large' | 'file';
  readonly encoding: string | null;
  /** ISO 8601; null where unknown */
  readonly modified: string | null;
}

export interface ProcessSeen {
  readonly pid: number;
  /** ISO 8601 */
  readonly started: string | null;
  /** the variables with which it was started that bear on the matter; no values */
  readonly names: readonly string[];
  /** its working folder, from that of this run; null where it cannot be read */
  readonly cwd: string | null;
}

/** An answer in short: enough to tell who answered and what it thought of the question. */
export interface Answer {
  /** 0: nobody answered */
  readonly status: number;
  /** `json`, `null`, `empty`, `html`, `text` */
  readonly body: string;
  /** the error's own code or message where the body is JSON and has one; or why nobody answered */
  readonly says: string | null;
}

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

export interface ClockSeen {
  /** milliseconds that the server is ahead of this machine */
  readonly aheadMs: number;
  /** how wrong that may be */
  readonly withinMs: number;
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

/** The running backend. */
export interface BackendSeen {
  readonly url: string;
  readonly route: string;
  readonly anonymous: Answer;
  /** a well-formed token by a key that nobody has */
  readonly stranger: Answer;
  /** the frontend's fresh token; null where there is none */
  readonly token: Answer | null;
  /** it names the user whose token it was */
  readonly names: boolean;
  /** the frontend's token of another user */
  readonly second: Answer | null;
  /** tokens of our own, by candidate */
  readonly minted: readonly { readonly fits: readonly Fit[]; readonly answer: Answer }[];
  readonly untried: number;
  /** tokens with the right key and other claims: `without aud`, `iss ends in /` */
  readonly claims: readonly { readonly change: string; readonly value: string | null; readonly answer: Answer }[];
  /** a session token or cookie in place of a token */
  readonly clock: ClockSeen | null;
  /** the token again after a while; null where it was taken at once */
  readonly again: Answer | null;
}

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

/** The same question over many fresh connections. */
export interface ReplicasSeen {
  readonly frontend?: SampleSeen;
  readonly backend?: SampleSeen;
}

export interface SampleSeen {
  readonly connections: number;
  /** took what was sent, refused it, neither */
  readonly yes: number;
  readonly no: number;
  readonly unclear: number;
}

/** True for an answer to a token that says: this one is taken. Measured against what nobody and a stranger get. */
export function took(
  answer: Answer | null,
  { anonymous, stranger }: Pick<BackendSeen, 'anonymous' | 'stranger'>,
): boolean {
  if (answer === null || answer.status === 0 || answer.status === 401 || answer.status >= 500) return false;
  if (answer.status === 429 || answer.status === stranger.status) return false;
  // 403 and 404 are said to somebody who is known, where strangers get 401
  return answer.status < 300 ? anonymous.status >= 300 || anonymous.status === 0 : stranger.status === 401;
}
