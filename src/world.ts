import type { Entry, Made, Place, Reading } from './core/journal.js';
import type { Found } from './core/material.js';
import type { Listener, Opening, TlsTrace, TlsVersion, Wire } from './core/probe.js';
import type { Reply } from './core/reply.js';
import type { Secret } from './core/secret.js';

/** Everything outside the process, as one record of functions. The real one is made in `src/io/world.ts`. */
export interface World extends Outside {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly stdin: Source;
  readonly prompt: Prompt;
  readonly files: Files;
  readonly outputs: Outputs;
  readonly workspace: Workspace;
  /** the same outside by another way; it ends with `http` of this one */
  through(passage: Passage): Outside;
  /** the keys that servers over TLS may have, databases too; as `Passage` has them */
  readonly pins: readonly string[];
  readonly journals: Journals;
  /** a page of help as the build wrote it, 80 columns wide: `lockstep`, `env-check`; null where there is none */
  help(page: string): string | null;
  /** milliseconds since the epoch */
  now(): number;
  /** milliseconds of a clock that never jumps */
  monotonic(): number;
  /** calls back after so many milliseconds; returns what cancels it */
  timer(ms: number, callback: () => void): () => void;
  /** cryptographically random bytes */
  random(bytes: number): Uint8Array;
  /**
   * aborted by the first SIGINT, SIGTERM or SIGHUP, `reason` is the signal's name; by an error that nobody caught, and
   * when stdout can no longer be written, `reason` is that error
   */
  readonly interrupted: AbortSignal;
  /** a debugger may look into this process: it was started with --inspect */
  readonly inspected: boolean;
  /** what a second signal prints before it ends the process at once; null for nothing */
  lastWords(words: (() => string) | null): void;
}

/** All that is spoken to over a network, a database excepted. */
export interface Outside {
  readonly http: Http;
  readonly sockets: Sockets;
  readonly net: Net;
}

/** What a user allows on the way to a deployment. */
export interface Passage {
  /** authorities in PEM that are trusted beside those of Node; null for none */
  readonly ca: string | null;
  /** an environment whose proxies are gone through; null: none is, whatever the environment says */
  readonly proxies: World['env'] | null;
  /** the keys that servers over TLS may have, each the SHA-256 of a SubjectPublicKeyInfo in base64; none: any trusted one */
  readonly pins: readonly string[];
}

export interface Sink {
  write(text: string): void;
  readonly isTTY: boolean;
  /** width in columns, 80 where unknown */
  readonly columns: number;
  /** height in lines, 24 where unknown */
  readonly rows: number;
  /** resolves when the reader has taken what was written; whoever writes without end waits for it */
  drained?(): Promise<void>;
}

export interface Source {
  readonly isTTY: boolean;
  /** the text as it comes, UTF-8; asked for once. Throws when `until` is aborted: whoever writes it may never end */
  chunks(until: AbortSignal): AsyncIterable<string>;
}

/** Questions to a person, on stderr. Ctrl-C and the end of the input throw a LockstepError with exit 130. */
export interface Prompt {
  /** somebody is there to answer */
  readonly interactive: boolean;
  /** `fault` gives null or what is wrong with an answer */
  text(
    question: Question & { readonly usual: string; readonly fault?: (text: string) => string | null },
  ): Promise<string>;
  /** nothing that is typed is shown */
  hidden(question: Question & { readonly fault?: (text: string) => string | null }): Promise<Secret>;
  choice<T extends string>(question: Question & { readonly choices: readonly Choice<T>[] }): Promise<T>;
  /** `usual` is the answer of the Enter key; yes unless given */
  yes(question: Question & { readonly usual?: boolean }): Promise<boolean>;
}

export interface Question {
  readonly question: string;
}

export interface Choice<T extends string> {
  readonly value: T;
  readonly name: string;
}

export interface Files {
  /**
   * the text of a file of at most `most` bytes (4 MiB unless given), or of a pipe, or null when there is none; any other
   * trouble throws a LockstepError
   */
  read(path: string, most?: number): Promise<string | null>;
  /** the same in pieces, for a file that is large and need not be held; it is closed when nobody takes more */
  pieces(path: string, most: number): Promise<AsyncIterable<string> | null>;
  /**
   * the bytes of a regular file of at most `most` bytes, in pieces, each good until the next is asked for; null where there is
   * no such file, and for any other trouble
   */
  bytes(path: string, most: number): Promise<AsyncIterable<Uint8Array> | null>;
  exists(path: string): Promise<boolean>;
  /** what is at a path, never an error; a file of more than `most` bytes is not read */
  inspect(path: string, most: number): Promise<Found>;
}

/** Files that a run writes for somebody else: reports, recordings. */
export interface Outputs {
  /**
   * Opens a file at once, and its folders are made: what an earlier run wrote is gone from then on, so that nobody takes
   * it for this one's. `append`: it stays, and more comes after it. Throws a LockstepError where that cannot be.
   */
  open(path: string, how?: 'append'): Promise<Output>;
}

export interface Output {
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

/** One file of several that change together. */
export interface FileChange {
  readonly path: string;
  /** what the plan saw; null where there was no file. When something else is there now, nothing is written */
  readonly before: Uint8Array | null;
  readonly after: Uint8Array;
  /** ends readable by its owner only, and what was there is kept beside it as `.bak.<time>` */
  readonly secret: boolean;
}

/** How a run that was cut came to its end after all. */
export interface Settled {
  readonly how: 'completed' | 'undone';
  readonly paths: readonly string[];
  /** of these, what somebody has changed since the cut: left as it is */
  readonly changed: readonly string[];
}

/** Files that are changed, as opposed to read. `root` is the folder that every run on the same files agrees on. */
export interface Workspace {
  /** the bytes of a regular file of at most 1 MiB, null when there is none; a link is refused unless `follow` */
  look(path: string, root: string, follow: boolean): Promise<Uint8Array | null>;
  /** names in a folder; none where there is no such folder */
  names(folder: string): Promise<readonly string[]>;
  /** all or none, also when the process is killed: then the next `settle` completes or undoes it. Returns the backups */
  write(changes: readonly FileChange[], root: string, follow: boolean): Promise<readonly string[]>;
  /** true when a run was cut here and not settled */
  unsettled(root: string): Promise<boolean>;
  settle(root: string): Promise<readonly Settled[]>;
}

/** What runs have made on deployments, on record until it is gone: files of this user's state folder. */
export interface Journals {
  /** the journal of a run: there is no file before its first entry, or before it is prepared */
  open(run: string, place: Place): Promise<Journal>;
  /** the journals that are there, the oldest first */
  all(): Promise<readonly KeptJournal[]>;
}

/** Whoever makes something enters it first, and what is entered is on the disk when the promise resolves. */
export interface Journal {
  /** makes the file while there is time, so that less is left to do for the first entry; which says it, if it cannot be made */
  prepare(): Promise<void>;
  /** throws a LockstepError where it cannot be written: then nothing is made */
  enter(made: Made): Promise<number>;
  /** the deployment has answered; `path` of what it named */
  answered(n: number, path: string | null): Promise<void>;
  gone(n: number): Promise<void>;
  remains(n: number, why: string): Promise<void>;
  /** what is not gone, in the order of its making */
  open(): readonly Entry[];
  /** the file goes when nothing is open */
  close(): Promise<void>;
}

export interface KeptJournal {
  readonly file: string;
  /** the run that writes it is at work */
  readonly live: boolean;
  /** null where it cannot be read */
  readonly reading: Reading | null;
  readonly journal: Journal;
  /** takes the file away, whatever is open */
  forget(): Promise<void>;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** sent beside `headers`, for a name that stands more than once */
  readonly also?: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
  /** called once all of it is on its way */
  readonly sent?: () => void;
  readonly signal?: AbortSignal;
  /** over a connection of its own */
  readonly fresh?: boolean;
}

export interface Http {
  /** any answer is a Reply; none, or one beyond the limits, throws Unreachable */
  send(request: HttpRequest): Promise<Reply>;
  /** as `send`, with the body as it comes; at most 8 MiB of it */
  open(request: HttpRequest): Promise<Opening>;
  /** so much has come that less should be held at a time */
  laden(): boolean;
  close(): Promise<void>;
}

export interface SocketRequest {
  /** ws: or wss: */
  readonly url: string;
  readonly protocols: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** sent as text as soon as it opens */
  readonly firstMessage?: string;
  readonly signal?: AbortSignal;
}

export interface Socket {
  readonly status: number;
  /** the subprotocol that the server chose; empty for none */
  readonly protocol: string;
  /** messages as they come; ends when the socket closes */
  messages(): AsyncIterable<string>;
  closed(): Promise<{ readonly code: number; readonly reason: string }>;
  send(text: string): unknown;
  /** an empty ping (RFC 6455 5.5.2) */
  ping(): unknown;
  /** closes with 1000 and is gone within two seconds */
  close(): Promise<void>;
}

export interface Sockets {
  /** resolves for every answer to the handshake, 101 or not; no answer throws Unreachable */
  open(request: SocketRequest): Promise<Socket>;
  /** loads what it takes to open one, while there is time */
  prepare?(): Promise<void>;
}

/** What lies below HTTP. */
export interface Net {
  /** bytes to and from the host of a URL, over TLS where its scheme says so; no connection throws Unreachable */
  wire(url: string, signal: AbortSignal): Promise<Wire>;
  /** one TLS handshake with the host of a URL, at most as new as `newest`; nothing is sent after it */
  tls(url: string, newest: TlsVersion | null, signal: AbortSignal): Promise<TlsTrace>;
  /** a listener on loopback that answers everything with one JSON document, until `signal` is aborted */
  listen(document: unknown, signal: AbortSignal): Promise<Listener>;
}
