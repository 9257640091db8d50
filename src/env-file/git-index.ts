/** Bytes that one entry may have: its name is a path, and no system takes one as long. */
const longest = 65_536;

/**
 * Which of these paths git tracks, read from the bytes of `.git/index` (versions 2 to 4; gitformat-index), so that no git is
 * needed, and as they come: the index of a million files is not held. `paths` are from the root of the work tree, with
 * slashes. Null where the bytes are no such index. A piece may be overwritten when the next one is asked for.
 */
export async function tracked(
  pieces: AsyncIterable<Uint8Array>,
  paths: readonly string[],
  hash: 20 | 32 = 20,
): Promise<ReadonlySet<string> | null> {
  const seen = new Seen(paths);
  let entries: Entries | null = null;
  let rest: Uint8Array = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = Buffer.concat([rest, piece]);
    let at = 0;
    if (entries === null && bytes.length >= 12) {
      const version = bytes.toString('latin1', 0, 4) === 'DIRC' ? bytes.readUInt32BE(4) : 0;
      if (version < 2 || version > 4) return null;
      entries = { version, hash, left: bytes.readUInt32BE(8), name: Buffer.alloc(longest), length: 0 };
      at = 12;
    }
    if (entries !== null) {
      const end = through(bytes, at, entries, seen);
      if (end === null || bytes.length - end > longest) return null;
      if (entries.left === 0 || seen.all) return seen.paths;
      at = end;
    }
    rest = bytes.subarray(at);
  }
  return null;
}

/** What is known of the entries that have not come yet. */
interface Entries {
  readonly version: number;
  /** bytes of an object's name */
  readonly hash: 20 | 32;
  left: number;
  /** the last name, with which the next one may begin: version 4 alone */
  readonly name: Buffer;
  length: number;
}

/** Reads the entries that are whole, and returns where the rest begins; null where these are none, or none are left but bytes. */
function through(bytes: Buffer, from: number, entries: Entries, seen: Seen): number | null {
  let at = from;
  while (entries.left > 0 && !seen.all) {
    const flagsAt = at + 40 + entries.hash;
    if (flagsAt + 4 > bytes.length) break;
    const flags = bytes.readUInt16BE(flagsAt);
    const start = flagsAt + ((flags & 0x4000) === 0 ? 2 : 4);
    const next = entries.version === 4 ? compressed(bytes, start, entries, seen) : plain(bytes, at, start, flags, seen);
    if (next === null) return null;
    if (next > bytes.length) break;
    at = next;
    entries.left -= 1;
  }
  return at;
}

/** Where the next entry begins: beyond the bytes, where this one is not whole. */
function plain(bytes: Buffer, at: number, start: number, flags: number, seen: Seen): number | null {
  // the length of a name, where it is less than the largest that fits in
  const said = flags & 0xfff;
  const end = said < 0xfff ? start + said : bytes.indexOf(0, start);
  if (end === -1) return Number.POSITIVE_INFINITY;
  const next = at + ((end - at + 8) & ~7);
  if (next - at > longest) return null;
  if (next > bytes.length) return next;
  if (bytes[end] !== 0) return null;
  seen.name(bytes, start, end);
  return next;
}

/** The same of a name that is written as what is dropped from the end of the last one, and what comes instead. */
function compressed(bytes: Buffer, start: number, entries: Entries, seen: Seen): number | null {
  const [dropped, from] = offset(bytes, start);
  const end = from > bytes.length ? -1 : bytes.indexOf(0, from);
  if (end === -1) return Number.POSITIVE_INFINITY;
  const kept = entries.length - dropped;
  if (kept < 0 || kept + end - from > longest) return null;
  bytes.copy(entries.name, kept, from, end);
  entries.length = kept + end - from;
  seen.name(entries.name, 0, entries.length);
  return end + 1;
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
  return [0, Number.POSITIVE_INFINITY];
}

/** The paths that were met among those that are looked for. Most names are passed over by their length. */
class Seen {
  readonly paths = new Set<string>();
  readonly #wanted = new Map<number, [path: string, name: Buffer][]>();
  readonly #most: number;

  constructor(paths: readonly string[]) {
    this.#most = new Set(paths).size;
    for (const path of new Set(paths)) {
      const name = Buffer.from(path);
      this.#wanted.set(name.length, [...(this.#wanted.get(name.length) ?? []), [path, name]]);
    }
  }

  get all(): boolean {
    return this.paths.size === this.#most;
  }

  name(bytes: Buffer, start: number, end: number): void {
    for (const [path, name] of this.#wanted.get(end - start) ?? [])
      if (bytes.compare(name, 0, name.length, start, end) === 0) this.paths.add(path);
  }
}
