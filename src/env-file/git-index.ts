/**
 * Whether git tracks a path, read from the bytes of `.git/index` (versions 2 to 4; gitformat-index), so that no git is
 * needed. `path` is from the root of the work tree, with slashes. Null where the bytes are no such index.
 */
export function tracks(index: Uint8Array, path: string, hash: 20 | 32 = 20): boolean | null {
  const bytes = Buffer.from(index.buffer, index.byteOffset, index.byteLength);
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC') return null;
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4) return null;
  const wanted = Buffer.from(path);
  // before version 4 names stand there whole: most files are answered without reading the entries
  if (version < 4 && !bytes.includes(wanted)) return false;
  let name: Buffer = Buffer.alloc(0);
  let at = 12;
  for (let count = bytes.readUInt32BE(8); count > 0; count--) {
    const flagsAt = at + 40 + hash;
    if (flagsAt + 2 > bytes.length) return null;
    const extended = (bytes.readUInt16BE(flagsAt) & 0x4000) !== 0;
    let start = flagsAt + (extended ? 4 : 2);
    let kept = 0;
    if (version === 4) {
      const [dropped, next] = offset(bytes, start);
      kept = name.length - dropped;
      start = next;
    }
    const end = bytes.indexOf(0, start);
    if (end === -1 || kept < 0) return null;
    name = Buffer.concat([name.subarray(0, kept), bytes.subarray(start, end)]);
    if (name.equals(wanted)) return true;
    at = version === 4 ? end + 1 : at + ((end - at + 8) & ~7);
  }
  return false;
}

/** A number as git's packs spell offsets: seven bits a byte, the highest bit says that more follow. */
function offset(bytes: Buffer, at: number): [value: number, next: number] {
  let value = 0;
  for (let i = at; i < bytes.length; i++) {
    const byte = bytes.readUInt8(i);
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, i + 1];
    value += 1;
  }
  return [Number.POSITIVE_INFINITY, bytes.length];
}
