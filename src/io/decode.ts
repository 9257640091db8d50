import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

class TooLarge extends Error {
  readonly code = 'LOCKSTEP_TOO_LARGE';
}

class Undecodable extends Error {
  readonly code = 'LOCKSTEP_UNDECODABLE';
}

/**
 * A body as UTF-8 text, at most `limit` bytes after decoding. One content coding is undone, though none was asked
 * for; chains of codings and unknown ones are refused.
 */
export async function decoded(
  body: IncomingMessage,
  headers: readonly (readonly [string, string])[],
  limit: number,
): Promise<string> {
  const coding =
    headers
      .find(([name]) => name === 'content-encoding')?.[1]
      .trim()
      .toLowerCase() ?? 'identity';
  const source = coding === 'identity' || coding === '' ? body : await through(body, coding);
  try {
    return await read(source, limit);
  } finally {
    source.destroy();
    body.destroy();
  }
}

function read(source: Readable, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    source.on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > limit) source.destroy(new TooLarge());
    });
    source.once('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      resolve(text.replace(/^\ufeff/, ''));
    });
    source.on('error', reject);
    // before anybody listened
    if (source.errored) reject(source.errored);
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
