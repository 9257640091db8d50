/** What an answer may cost at most. Bytes count after decoding, so that a small zipped body cannot grow large. */
export interface HttpLimits {
  readonly connectMs: number;
  readonly headersMs: number;
  readonly bodyMs: number;
  readonly headerBytes: number;
  readonly bodyBytes: number;
  readonly streamBytes: number;
}

/** The limits of every run. */
export const defaultLimits: HttpLimits = {
  connectMs: 5_000,
  headersMs: 10_000,
  bodyMs: 15_000,
  headerBytes: 16_384,
  bodyBytes: 1_048_576,
  streamBytes: 8_388_608,
};
