import { decode } from './decode.js';

/**
 * An env file in the form that all loaders read alike, every value as it was meant: UTF-8 without a byte order mark,
 * newlines for Windows line ends. A file that is not text stays as it is. `done` says what changed.
 */
export function mendedBytes(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly done: readonly string[] } {
  const { encoding, invalidAt } = decode(bytes);
  if (encoding === 'binary') return { bytes, done: [] };
  const done: string[] = [];
  let text: string;
  if (encoding === 'utf-16le' || encoding === 'utf-16be') {
    const wide = wideText(bytes, encoding);
    if (wide === null) return { bytes, done: [] };
    text = wide;
    done.push('turned from UTF-16 to UTF-8');
  } else {
    // bytes that are not UTF-8 pass through as they are
    if (invalidAt !== null) return { bytes, done: [] };
    text = Buffer.from(bytes).toString();
  }
  if (text.startsWith('\ufeff')) {
    text = text.slice(1);
    if (encoding === 'utf-8-bom') done.push('byte order mark taken off');
  }
  if (text.includes('\r\n')) {
    text = text.replaceAll('\r\n', '\n');
    done.push('line ends made newlines');
  }
  return done.length === 0 ? { bytes, done } : { bytes: Buffer.from(text), done };
}

function wideText(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
