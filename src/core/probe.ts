import type { KeyObject } from 'node:crypto';
import type { Made } from './journal.js';
import type { Reply } from './reply.js';
import type { Secret } from './secret.js';
import type { Target } from './target.js';

/** Cookies of one user (RFC 6265), kept by the rules of a browser. Opaque to checks. */
export interface Jar {
  /** the `Cookie` header for a URL; empty when nothing matches */
  cookieHeader(url: string): Promise<string>;
  store(url: string, setCookies: readonly string[]): Promise<void>;
}

export interface CallOptions {
  /** sent as `Authorization: Bearer ...`; text for the deliberately broken ones */
  readonly bearer?: Secret | string;
  /** sends the jar's cookies and keeps what comes back */
  readonly jar?: Jar;
  /** `Origin`; the target's own unless given, null for none */
  readonly origin?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** goes on when the check is ended meanwhile: what it makes must be known, or it cannot be taken back */
  readonly toTheEnd?: boolean;
}

/** One side of the deployment over HTTP. Paths are appended to its base; redirects are never followed. */
export interface Caller {
  readonly base: string;
  get(path: string, options?: CallOptions): Promise<Reply>;
  post(path: string, body: unknown, options?: CallOptions): Promise<Reply>;
  send(method: string, path: string, body: unknown, options?: CallOptions): Promise<Reply>;
}

/** One attempt to open a socket, listened to until the ack, the close, or the time limit. */
export interface SocketTrace {
  readonly url: string;
  /** false when this way of passing a token cannot carry such text at all; nothing was sent then */
  readonly sent: boolean;
  /** HTTP status of the handshake: 101 when it opened */
  readonly status: number;
  /** the declared ack arrived; where none is declared, it stayed open */
  readonly acked: boolean;
  /** text of the messages, at most 50; a longer stream is cut */
  readonly messages: readonly string[];
  /** how the server closed it, null while it was still open at the end */
  readonly closed: { readonly code: number; readonly reason: string } | null;
}

export interface SocketOptions {
  /** put where the target's auth mode wants it, just as given; null for nothing at all */
  readonly token: Secret | string | null;
  readonly origin?: string | null;
  /** sends the jar's cookies along, as a browser would to the host that set them */
  readonly jar?: Jar;
  /** listens until the close or the end of patience, where no ack is declared */
  readonly toTheEnd?: boolean;
  /** milliseconds to listen without an ack or a close, default 5,000 */
  readonly patience?: number;
}

/** Takes back what a check did; throws where something stays behind. */
export type Undo = (probe: Probe) => Promise<void>;

/** Something that is on record: told what the deployment answered. */
export interface Recorded {
  /** `path` under the API's base of what it named; null where it named nothing */
  answered(path: string | null): Promise<void>;
}

/** The part of the world that a check may touch: one deployment, its users, its tokens. */
export interface Probe {
  readonly target: Target;
  readonly auth: Caller;
  readonly api: Caller;
  newJar(): Jar;
  socket(options: SocketOptions): Promise<SocketTrace>;
  /** 128 random bits in hex, marked with the id of the run: text that occurs nowhere unless this run put it there */
  canary(): string;
  /** milliseconds since the epoch */
  now(): number;
  /** a key that nobody else has, able to sign for a JWS algorithm; null for one that is not known */
  freshKey(alg: string): KeyObject | null;
  pause(ms: number): Promise<void>;
  /** undoes something after the run, last in first out, whatever happened; with a probe that an interruption spares */
  defer(undo: Undo): void;
  /**
   * Puts on record what is about to be made, and defers its removal. On the disk when it resolves, so that even after a
   * kill `lockstep cleanup` takes it back; throws where it cannot be, and then it must not be made.
   */
  record(made: Made, undo: Undo): Promise<Recorded>;
}
