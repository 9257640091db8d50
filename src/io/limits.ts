/** What an answer may cost at most. Bytes count after decoding, so that a small zipped body cannot grow large. */
export interface Limits {
  /** name, TCP and TLS together */
  readonly connectMs: number;
  readonly headersMs: number;
  /** between two pieces of a body */
  readonly bodyMs: number;
  /** for a whole exchange, or the headers of a stream: what drips ends, too */
  readonly totalMs: number;
  readonly headerBytes: number;
  readonly bodyBytes: number;
  readonly streamBytes: number;
  /** for the answer to a WebSocket handshake */
  readonly handshakeMs: number;
  readonly messageBytes: number;
  /** that wait to be read, together */
  readonly inboxBytes: number;
}

/** A body of so many bytes is nothing special; one that is larger is read and held by rules of its own. */
export const usualBytes = 65_536;

/** The limits of every run. */
export const defaultLimits: Limits = {
  connectMs: 5_000,
  headersMs: 10_000,
  bodyMs: 15_000,
  totalMs: 30_000,
  headerBytes: 16_384,
  bodyBytes: 1_048_576,
  streamBytes: 8_388_608,
  handshakeMs: 10_000,
  messageBytes: 1_048_576,
  inboxBytes: 8_388_608,
};
