import type { KeyObject } from 'node:crypto';
import type { Made } from './journal.js';
import type { Material } from './material.js';
import type { Reply } from './reply.js';
import type { Secret } from './secret.js';
import type { SocketAuth, Target } from './target.js';

/** Cookies of one user (RFC 6265), kept by the rules of a browser. Opaque to checks. */
export interface Jar {
  /** the `Cookie` header for a URL; empty when nothing matches */
  cookieHeader(url: string): Promise<string>;
  store(url: string, setCookies: readonly string[]): Promise<void>;
  /** loads what it takes to keep cookies of such a URL, while there is time */
  prepare?(url: string): Promise<void>;
}

export interface CallOptions {
  /** sent as `Authorization: Bearer ...`; text for the deliberately broken ones */
  readonly bearer?: Secret | string;
  /** sends the jar's cookies and keeps what comes back */
  readonly jar?: Jar;
  /** `Origin`; the target's own unless given, null for none */
  readonly origin?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** goes on when the check ends meanwhile: what it makes must be known, or it cannot be taken back; or another waits for it */
  readonly toTheEnd?: boolean;
  /** sent beside all others, for a name that stands more than once */
  readonly also?: readonly (readonly [name: string, value: string])[];
  /** sent as it is, instead of a body as JSON */
  readonly content?: { readonly type: string; readonly text: string };
  /** over a connection of its own, so that a balancer may choose anew */
  readonly fresh?: boolean;
  /** false: a 429 is the answer, and nobody waits */
  readonly patient?: boolean;
}

/** A piece of a body, and when it came, in milliseconds of the monotonic clock. */
export interface Chunk {
  readonly at: number;
  readonly bytes: Uint8Array;
  /** milliseconds before that in which this process did not look: what came then came in one piece */
  readonly unseen: number;
}

/** An answer whose body is still coming. It ends with the check. */
export interface Opening {
  readonly url: string;
  readonly status: number;
  readonly headers: Reply['headers'];
  /** when the headers came, in milliseconds of the monotonic clock */
  readonly at: number;
  /** asked for once; ends with the body, and throws Unreachable where the connection is lost or too much comes */
  readonly body: AsyncIterable<Chunk>;
  close(): void;
}

/** One side of the deployment over HTTP. Paths are appended to its base; redirects are never followed. */
export interface Caller {
  readonly base: string;
  get(path: string, options?: CallOptions): Promise<Reply>;
  post(path: string, body: unknown, options?: CallOptions): Promise<Reply>;
  send(method: string, path: string, body: unknown, options?: CallOptions): Promise<Reply>;
  /** the body as it comes, for streams */
  open(method: string, path: string, body: unknown, options?: CallOptions): Promise<Opening>;
}

/** One attempt to open a socket, listened to until the ack, the close, or the time limit. */
export interface SocketTrace {
  readonly url: string;
  /** false when this way of passing a token cannot carry such text at all; nothing was sent then */
  readonly sent: boolean;
  /** HTTP status of the handshake: 101 when it opened */
  readonly status: number;
  /** the subprotocol that the server chose; empty for none */
  readonly protocol: string;
  /** the declared ack arrived; where none is declared, it stayed open */
  readonly acked: boolean;
  /** text of the messages, at most 50; a longer stream is cut */
  readonly messages: readonly string[];
  /** how the server closed it, null while it was still open at the end */
  readonly closed: { readonly code: number; readonly reason: string } | null;
}

/** A socket that stays open until the check ends. */
export interface Live {
  readonly url: string;
  /** HTTP status of the handshake: 101 when it opened */
  readonly status: number;
  readonly acked: boolean;
  /** text of all messages so far, the ack among them, at most 1,000 */
  readonly messages: readonly string[];
  /** how the server closed it, null while it is open */
  readonly closed: { readonly code: number; readonly reason: string } | null;
  /** as JSON, unless it is text already */
  say(message: unknown): void;
  /** an empty ping (RFC 6455 5.5.2) */
  ping(): void;
  /** the first message, of all so far and to come, that passes; null after `ms`, or when the socket closes before */
  hear(passes: (text: string) => boolean, ms: number): Promise<string | null>;
  /** the close, or null when it is still open after `ms` */
  end(ms: number): Promise<{ readonly code: number; readonly reason: string } | null>;
  close(): Promise<void>;
}

export interface SocketOptions {
  /** put where the target's auth mode wants it, just as given; null for nothing at all */
  readonly token: Secret | string | null;
  readonly origin?: string | null;
  /** sends the jar's cookies along, as a browser would to the host that set them */
  readonly jar?: Jar;
  /** another way of passing the token than the target's */
  readonly auth?: SocketAuth;
  /** another URL than the target's */
  readonly url?: string;
  /** listens until the close or the end of patience, where no ack is declared */
  readonly toTheEnd?: boolean;
  /** milliseconds to listen without an ack or a close, default 5,000 */
  readonly patience?: number;
}

/** A connection below HTTP. */
export interface Wire {
  send(bytes: Uint8Array): void;
  /** all that came so far */
  received(): Uint8Array;
  /** resolves when `enough` says so of what came, when the other side ends, or after `ms` */
  until(enough: (received: Uint8Array) => boolean, ms: number): Promise<'enough' | 'ended' | 'waited'>;
  close(): void;
}

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** How a TLS handshake went, and what the certificate says. */
export interface TlsTrace {
  /** null where no handshake came about; `fault` then says why, in words */
  readonly version: string | null;
  readonly fault: string | null;
  /** null where chain and name are good; else the code of OpenSSL or Node: CERT_HAS_EXPIRED, ERR_TLS_CERT_ALTNAME_INVALID */
  readonly untrusted: string | null;
  /** milliseconds since the epoch; null without a certificate */
  readonly notAfter: number | null;
}

/** A listener on loopback that a deployment on this machine can reach. */
export interface Listener {
  readonly url: string;
  /** requests so far */
  readonly hits: number;
}

/** Takes back what a check did; throws where something stays behind. */
export type Undo = (probe: Probe) => Promise<void>;

/** Something that is on record: told what becomes of it. */
export interface Recorded {
  /** the deployment answered; `path` under the API's base of what it named, null where it named nothing; never rejects */
  answered(path: string | null): Promise<void>;
  /** it is not there, which has been seen or was never asked for: nothing is left to undo */
  gone(): Promise<void>;
}

/** The part of the world that a check may touch: one deployment, its users, its tokens. */
export interface Probe {
  readonly target: Target;
  readonly auth: Caller;
  readonly api: Caller;
  /** the frontend's origin, outside of Better Auth */
  readonly site: Caller;
  /** another base URL of this deployment: its http: twin, its socket's host */
  at(base: string): Caller;
  readonly material: Material;
  /** milliseconds that a check may let pass to see what time does; what takes longer is skipped, and says so */
  readonly longest: number;
  newJar(): Jar;
  socket(options: SocketOptions): Promise<SocketTrace>;
  /** a socket that stays open: `acked` is settled when it resolves */
  connect(options: SocketOptions): Promise<Live>;
  /** bytes to and from the host of a URL */
  wire(url: string): Promise<Wire>;
  tls(url: string, newest?: TlsVersion): Promise<TlsTrace>;
  /** answers everything with one JSON document */
  listen(document: unknown): Promise<Listener>;
  /** 128 random bits in hex, marked with the id of the run: text that occurs nowhere unless this run put it there */
  canary(): string;
  /** milliseconds since the epoch */
  now(): number;
  /** milliseconds of a clock that never jumps */
  monotonic(): number;
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
