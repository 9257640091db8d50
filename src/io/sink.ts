import { fstatSync, writeSync } from 'node:fs';
import type { Sink } from '../world.js';

/**
 * One of the two outputs of the process. Opening its stream costs as much as making a secret: what is no terminal is
 * written to in place, and the stream is opened where it is needed. `lost` hears why nothing more can be written.
 */
export function sink(output: 1 | 2, open: () => NodeJS.WriteStream, lost: (code: string) => void = () => {}): Sink {
  let opened: NodeJS.WriteStream | undefined;
  // a reader that went away (`| head`) is not our failure: work is not left half done for it
  const failed = (code = 'unknown') => (code === 'EPIPE' ? undefined : lost(code));
  const stream = () => {
    if (opened !== undefined) return opened;
    opened = open();
    opened.on('error', ({ code }: NodeJS.ErrnoException) => failed(code));
    return opened;
  };
  let known: boolean | undefined;
  const plain = () => {
    known ??= isPlain(output);
    return known && opened === undefined;
  };
  return {
    write(text) {
      const rest = plain() ? written(output, text, failed) : text;
      if (rest.length > 0) stream().write(rest);
    },
    drained: async () => {
      if (opened !== undefined) await drained(opened);
    },
    get isTTY() {
      return !plain() && stream().isTTY === true;
    },
    get columns() {
      return plain() ? 80 : (stream().columns ?? 80);
    },
    get rows() {
      return plain() ? 24 : (stream().rows ?? 24);
    },
  };
}

/** A file, a pipe, a socket, or Linux's /dev/null and its kin: surely no terminal. */
function isPlain(output: number): boolean {
  try {
    const found = fstatSync(output);
    return (
      found.isFile() || found.isFIFO() || found.isSocket() || (process.platform === 'linux' && found.rdev >> 8 === 1)
    );
  } catch {
    return false;
  }
}

/** What could not be written because a pipe is full and must not be waited for. */
function written(output: 1 | 2, text: string, failed: (code?: string) => void): Uint8Array | '' {
  let rest: Uint8Array = Buffer.from(text);
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(output, rest));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN') return rest;
    failed(code);
  }
  return '';
}

async function drained(stream: NodeJS.WriteStream): Promise<void> {
  if (!stream.writableNeedDrain || stream.destroyed) return;
  await new Promise<void>((resolve) => {
    stream.once('drain', resolve);
    // a reader that went away takes nothing any more
    stream.once('close', resolve);
  });
}
