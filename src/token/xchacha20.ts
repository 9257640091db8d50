import { createDecipheriv } from 'node:crypto';

/**
 * Opens XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): 24 bytes of nonce, ciphertext, 16 bytes of tag, no
 * associated data. Null where the tag does not fit, which is to say: another key, or other bytes.
 */
export function openXChaCha20(key: Uint8Array, sealed: Uint8Array): Buffer | null {
  if (key.length !== 32) throw new RangeError('XChaCha20 takes a key of 32 bytes');
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes.length < 40) return null;
  const subkey = hchacha20(key, bytes.subarray(0, 16));
  const nonce = Buffer.concat([Buffer.alloc(4), bytes.subarray(16, 24)]);
  const decipher = createDecipheriv('chacha20-poly1305', subkey, nonce, { authTagLength: 16 });
  decipher.setAuthTag(bytes.subarray(-16));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(24, -16)), decipher.final()]);
  } catch {
    return null;
  } finally {
    subkey.fill(0);
  }
}

/** The quarter rounds of RFC 8439 2.1, first down the columns, then along the diagonals. */
const rounds = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

/** HChaCha20 (draft-irtf-cfrg-xchacha-03 2.2): 20 rounds of ChaCha20 without the final addition. */
export function hchacha20(key: Uint8Array, nonce: Uint8Array): Buffer {
  const state = new DataView(new ArrayBuffer(64));
  const get = (i: number) => state.getUint32(4 * i, true);
  const set = (i: number, value: number) => state.setUint32(4 * i, value, true);
  // "expand 32-byte k"
  for (const [i, word] of [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574].entries()) set(i, word);
  key.forEach((byte, i) => void state.setUint8(16 + i, byte));
  nonce.forEach((byte, i) => void state.setUint8(48 + i, byte));
  const mix = (to: number, add: number, rotated: number, by: number) => {
    set(to, get(to) + get(add));
    const word = get(rotated) ^ get(to);
    set(rotated, (word << by) | (word >>> (32 - by)));
  };
  for (let round = 0; round < 10; round++) {
    for (const [a, b, c, d] of rounds) {
      mix(a, b, d, 16);
      mix(c, d, b, 12);
      mix(a, b, d, 8);
      mix(c, d, b, 7);
    }
  }
  const bytes = Buffer.from(state.buffer);
  return Buffer.concat([bytes.subarray(0, 16), bytes.subarray(48)]);
}
