import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

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
  body: Readable,
  headers: readonly (readonly [string, string])[],
  limit: number,
): Promise<string> {
  const coding =
    headers
      .find(([name]) => name === 'content-encoding')?.[1]
      .trim()
      .toLowerCase() ?? 'identity';
  const source = coding === 'identity' || coding === '' ? body : through(body, coding);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw new TooLarge();
      chunks.push(chunk);
    }
  } finally {
    source.destroy();
    body.destroy();
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\ufeff/, '');
}

function through(body: Readable, coding: string): Readable {
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
