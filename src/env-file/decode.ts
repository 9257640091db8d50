/** The bytes of an env file as text, with what was odd about them. */
export interface Decoded {
  /** UTF-8 with invalid bytes replaced by U+FFFD and a byte order mark kept, as JavaScript loaders see it */
  readonly text: string;
  readonly encoding: Encoding;
  /** offset in `text` of the first byte that is not UTF-8, or null */
  readonly invalidAt: number | null;
}

export type Encoding = 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be' | 'binary';

/** Larger files are not read: no env file is larger, and a reader must end. Bytes. */
export const largest = 1024 * 1024;

/** Decodes as the loaders do: always as UTF-8, whatever the encoding turns out to be. */
export function decode(bytes: Uint8Array): Decoded {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const encoding = encodingOf(bytes);
  return { text, encoding, invalidAt: firstInvalid(bytes, text) };
}

function encodingOf(bytes: Uint8Array): Encoding {
  const [a, b, c] = bytes;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  const zero = bytes.indexOf(0);
  if (zero !== -1) {
    // ASCII as UTF-16 without a byte order mark: every other byte is zero
    if (zero === 1 && bytes[3] === 0) return 'utf-16le';
    if (zero === 0 && bytes[2] === 0 && b !== 0) return 'utf-16be';
    return 'binary';
  }
  return a === 0xef && b === 0xbb && c === 0xbf ? 'utf-8-bom' : 'utf-8';
}

function firstInvalid(bytes: Uint8Array, text: string): number | null {
  if (!text.includes('\ufffd')) return null;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return null;
  } catch {
    // U+FFFD may also be written out as EF BF BD: the first that is not is the first invalid byte
    const written = new TextEncoder().encode(text);
    let at = 0;
    while (written[at] === bytes[at]) at++;
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(written.subarray(0, at)).length;
  }
}
