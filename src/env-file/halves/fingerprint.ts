import { createHmac } from 'node:crypto';
import type { Secret } from '../../core/secret.js';

/** Six characters: equal means the same value, within one run; useless to anybody who has not its random key. */
export type Fingerprint = (value: Secret) => string;

/** `make`: 32 random bytes, made anew for each run. `length`: eight where many values are told apart. */
export function fingerprints(make: () => Uint8Array, length: 6 | 8 = 6): Fingerprint {
  let key: Uint8Array | undefined;
  return (value) => {
    key ??= make();
    return createHmac('sha256', key).update(value.reveal()).digest('hex').slice(0, length);
  };
}
