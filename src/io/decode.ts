import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { usualBytes } from './limits.js';

class TooLarge extends Error {
  readonly code = 'LOCKSTEP_TOO_LARGE';
}

class Undecodable extends Error {
  readonly code = 'LOCKSTEP_UNDECODABLE';
}

/** Has a large body wait for its turn, and takes what reads it to its end. */
export type Turn = (read: () => Promise<void>) => Promise<void>;

export interface Decoded {
  readonly text: string;
  /** after decoding */
  readonly bytes: number;
}

/**
 * A body as UTF-8 text, at most `limit` bytes after decoding. One content coding is undone, though none was asked
 * for; chains of codings and unknown ones are refused.
 */
export async function decoded(
  body: IncomingMessage,
  headers: readonly (readonly [string, string])[],
  limit: number,
  turn: Turn,
): Promise<Decoded> {
  const coding =
    headers
      .find(([name]) => name === 'content-encoding')?.[1]
      .trim()
      .toLowerCase() ?? 'identity';
  const source = coding === 'identity' || coding === '' ? body : await through(body, coding);
  try {
    return await read(source, limit, turn);
  } finally {
    source.destroy();
    body.destroy();
  }
}

function read(source: Readable, limit: number, turn: Turn): Promise<Decoded> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve, reject) => {
    source.on('data', (chunk: Buffer) => {
      const usual = bytes <= usualBytes;
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > limit) source.destroy(new TooLarge());
      else if (usual && bytes > usualBytes) wait(source, turn).catch(reject);
    });
    source.once('end', () => {
      resolve({ text: textOf(chunks, bytes).replace(/^\ufeff/, ''), bytes });
    });
    source.on('error', reject);
    // before anybody listened
    if (source.errored) reject(source.errored);
  });
}

let whole: Buffer | undefined;

/** Large bodies are put together in one place, again and again: each in its own would tear the memory of the process. */
function textOf(chunks: readonly Buffer[], bytes: number): string {
  if (bytes <= usualBytes) return Buffer.concat(chunks).toString('utf8');
  if (whole === undefined || whole.length < bytes) whole = Buffer.allocUnsafeSlow(Math.max(bytes, 1_048_576));
  let at = 0;
  for (const chunk of chunks) at += chunk.copy(whole, at);
  return whole.toString('utf8', 0, bytes);
}

/** Nothing more is read of a body that turns out to be large before it is its turn. */
function wait(source: Readable, turn: Turn): Promise<void> {
  const closed = new Promise<void>((resolve) => source.once('close', resolve));
  source.pause();
  return turn(() => {
    source.resume();
    return closed;
  });
}

async function through(body: Readable, coding: string): Promise<Readable> {
  const { createBrotliDecompress, createGunzip, createInflate } = await import('node:zlib');
  const make = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress }[
    coding
  ];
  if (make === undefined) throw new Undecodable();
  const decoder = make();
  body.on('error', (error) => decoder.destroy(error));
  const undecodable = new Undecodable();
  const plain = body.pipe(decoder);
  plain.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code?.startsWith('Z_') === true || error.code?.startsWith('ERR_') === true) error.code = undecodable.code;
  });
  return plain;
}
