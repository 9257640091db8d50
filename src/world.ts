import type { Reply } from './core/reply.js';

/** Everything outside the process, as one record of functions. The real one is made in `src/io/world.ts`. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly files: Files;
  readonly http: Http;
  readonly sockets: Sockets;
  /** null where nobody is there to answer */
  prompt(): Prompt | null;
  /** milliseconds since the epoch */
  now(): number;
  /** milliseconds of a clock that never jumps */
  monotonic(): number;
  /** calls back after so many milliseconds; returns what cancels it */
  timer(ms: number, callback: () => void): () => void;
  /** cryptographically random bytes */
  random(bytes: number): Uint8Array;
  /** aborted by the first SIGINT or SIGTERM; `reason` is the signal's name */
  readonly interrupted: AbortSignal;
}

export interface Sink {
  write(text: string): void;
  readonly isTTY: boolean;
  /** width in columns, 80 where unknown */
  readonly columns: number;
  /** height in lines, 24 where unknown */
  readonly rows: number;
}

/** Questions to a person. Each has a flag that answers it. */
export interface Prompt {
  /** no unless they say yes */
  confirm(question: string): Promise<boolean>;
  text(question: string): Promise<string>;
}

export interface Files {
  /** the text of a file, or null when there is none; any other trouble throws a LockstepError */
  read(path: string): Promise<string | null>;
  exists(path: string): Promise<boolean>;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface Http {
  /** any answer is a Reply; none, or one beyond the limits, throws Unreachable */
  send(request: HttpRequest): Promise<Reply>;
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
  /** messages as they come; ends when the socket closes */
  messages(): AsyncIterable<string>;
  closed(): Promise<{ readonly code: number; readonly reason: string }>;
  send(text: string): void;
  /** closes with 1000 and is gone within two seconds */
  close(): Promise<void>;
}

export interface Sockets {
  /** resolves for every answer to the handshake, 101 or not; no answer throws Unreachable */
  open(request: SocketRequest): Promise<Socket>;
}
