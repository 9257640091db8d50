import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { LockstepError } from '../core/errors.js';
import { Exit } from '../core/exit.js';
import type { Found } from '../core/material.js';
import type { Files } from '../world.js';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'is a folder, not a file',
  ELOOP: 'too many symbolic links',
  ENXIO: 'is a socket, not a file',
  LOCKSTEP_DEVICE: 'is a device, not a file',
  LOCKSTEP_TOO_LARGE: 'is larger than it may be',
  LOCKSTEP_SILENT: 'is a pipe into which nobody writes to its end',
};

/** More than any token, secret, JWKS or bundle of authorities; what may be larger says so. */
const mostBytes = 4 * 1_048_576;
/** A pipe, as `<(command)` of a shell is one, may take so long. */
const pipeMs = 30_000;
const pipePauseMs = 10;

/** A whole file, or what comes out of a pipe; neither may be without end. */
async function bytesWithin(path: string, most: number): Promise<Buffer> {
  // a pipe that nobody has opened for writing would not even open
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (found.isDirectory()) throw coded('EISDIR');
    // /dev/null is empty, and says so by itself
    if (!found.isFile() && !found.isFIFO() && path !== '/dev/null') throw coded('LOCKSTEP_DEVICE');
    if (found.isFile() && found.size <= most) return readFileSync(file);
    if (found.isFile()) throw coded('LOCKSTEP_TOO_LARGE');
    return await piped(file, most);
  } finally {
    closeSync(file);
  }
}

async function piped(file: number, most: number): Promise<Buffer> {
  const end = performance.now() + pipeMs;
  const chunk = Buffer.alloc(65_536);
  const chunks: Buffer[] = [];
  for (let size = 0; ; ) {
    const read = readSoon(file, chunk);
    if (read === 0) return Buffer.concat(chunks);
    if (read === null && performance.now() > end) throw coded('LOCKSTEP_SILENT');
    if (read === null) await new Promise((resolve) => setTimeout(resolve, pipePauseMs));
    else chunks.push(Buffer.from(chunk.subarray(0, read)));
    size += read ?? 0;
    if (size > most) throw coded('LOCKSTEP_TOO_LARGE');
  }
}

/** Null where nothing is there yet. */
function readSoon(file: number, chunk: Buffer): number | null {
  try {
    return readSync(file, chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return null;
    throw error;
  }
}

function coded(code: string): Error {
  return Object.assign(new Error(), { code });
}

// All at once and in place: these are a handful of small local files, and starting the thread pool would cost more
// than reading them.
export const files: Files = {
  async read(path, most = mostBytes) {
    try {
      return (await bytesWithin(path, most)).toString('utf8');
    } catch (error) {
      return nothingAt(path, error as NodeJS.ErrnoException);
    }
  },
  async pieces(path, most) {
    try {
      const file = opened(path, most);
      return file === null ? whole((await bytesWithin(path, most)).toString('utf8')) : text(pieces(file, most));
    } catch (error) {
      return nothingAt(path, error as NodeJS.ErrnoException);
    }
  },
  async bytes(path, most) {
    try {
      const file = opened(path, most);
      return file === null ? null : pieces(file, most);
    } catch {
      return null;
    }
  },
  async exists(path) {
    return existsSync(path);
  },
  async inspect(path, most) {
    try {
      const linked = lstatSync(path).isSymbolicLink();
      // a pipe or a device is not opened: that would wait, or act
      const found = statSync(path);
      if (found.isDirectory()) return { kind: 'folder' };
      if (!found.isFile()) return { kind: 'special' };
      if (found.size > most) return { kind: 'too-large', size: found.size };
      const bytes = bytesOf(path, most);
      return { kind: 'file', bytes, mode: found.mode & 0o777, linked, modified: Math.round(found.mtimeMs) };
    } catch (error) {
      return unreadable(error as NodeJS.ErrnoException);
    }
  },
};

/** Null where nothing is there; any other trouble is told. */
function nothingAt(path: string, { code = 'unknown' }: NodeJS.ErrnoException): null {
  if (code === 'ENOENT' || code === 'ENOTDIR') return null;
  throw new LockstepError('unreadable', `${path}: ${reasons[code] ?? `cannot be read (${code})`}`, {
    exit: Exit.usage,
  });
}

/** A regular file of at most so many bytes; null for anything else. */
function opened(path: string, most: number): number | null {
  if (!statSync(path).isFile()) return null;
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const found = fstatSync(file);
  if (found.isFile() && found.size <= most) return file;
  closeSync(file);
  if (found.isFile()) throw coded('LOCKSTEP_TOO_LARGE');
  return null;
}

/** It ends at `most` bytes, whatever is written into it meanwhile. */
async function* pieces(file: number, most: number): AsyncIterable<Uint8Array> {
  const chunk = Buffer.alloc(65_536);
  try {
    for (let size = 0; size < most; ) {
      const read = readSync(file, chunk, 0, Math.min(chunk.length, most - size), null);
      if (read === 0) break;
      size += read;
      yield chunk.subarray(0, read);
    }
  } finally {
    closeSync(file);
  }
}

async function* text(bytes: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new StringDecoder('utf8');
  for await (const piece of bytes) yield decoder.write(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
  yield decoder.end();
}

async function* whole(text: string): AsyncIterable<string> {
  yield text;
}

/** At most so many bytes, whatever the file has become since it was looked at. */
function bytesOf(path: string, most: number): Uint8Array {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const bytes = Buffer.alloc(Math.min(most, fstatSync(file).size));
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, length);
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

function unreadable({ code = 'unknown' }: NodeJS.ErrnoException): Found {
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
  return { kind: 'unreadable', why: reasons[code] ?? `cannot be read (${code})` };
}
