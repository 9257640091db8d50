import type { Found } from '../core/material.js';

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
/** Nor are files of more lines: a loader, and each look at what it reads, keeps something of every line. */
export const mostLines = 5_000;

/** What was found, as too large where it has more lines than may be read. */
export function withinLines(found: Found, most = mostLines): Found {
  if (found.kind !== 'file' || linesIn(found.bytes) <= most) return found;
  return { kind: 'too-large', size: found.bytes.length, inLines: true };
}

/** Lines by the count of whichever loader finds most of them: `\n`, `\r`, `\r\n`, U+2028 and U+2029 end one. */
export function linesIn(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = 0; at < bytes.length; at++) {
    const here = bytes[at];
    if (here === 0x0a) lines += 1;
    else if (here === 0x0d) lines += bytes[at + 1] === 0x0a ? 0 : 1;
    else if (here === 0xe2 && bytes[at + 1] === 0x80 && (bytes[at + 2] === 0xa8 || bytes[at + 2] === 0xa9)) lines += 1;
  }
  return lines;
}

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
