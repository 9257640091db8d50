/** What an edge can be asked to be. All of it is healthy: a deployment behind a slow, strict, encrypted edge is fine. */
export interface EdgeOptions {
  /** https and wss under a private CA, whose certificate lies in `edge/ca.pem` of the work folder */
  readonly tls?: boolean;
  /** the name in the public URL; `localhost` unless given */
  readonly host?: EdgeHost;
  /** two auth servers and two APIs, one request each in turn */
  readonly replicas?: boolean;
  readonly wire?: Wire;
  /** seconds without a byte either way after which a socket or a stream is cut; an hour unless given */
  readonly idle?: number;
}

export type EdgeHost = 'localhost' | '[::1]';

/** A slow line. Everything arrives, in order, on either way. */
export interface Wire {
  /** milliseconds that each chunk of bytes takes, on each way */
  readonly latency: number;
  /** up to so many milliseconds more or less */
  readonly jitter: number;
  /** of 100 chunks so many are lost and come a retransmission later */
  readonly loss: number;
}

/** What the edge process is told. */
export interface EdgePlan {
  /** origins of the auth servers and of the APIs behind it */
  readonly auth: readonly string[];
  readonly api: readonly string[];
  /** its own public origin */
  readonly origin: string;
  /** where Better Auth's routes begin */
  readonly basePath: string;
  readonly tls: boolean;
  readonly wire: Wire | null;
  /** seconds */
  readonly idle: number;
}
