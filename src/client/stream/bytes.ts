import { unlessAborted } from '../abort.js';
import { ClientError, networkFailure } from '../failure.js';

type Chunk = Uint8Array | string;

/**
 * The chunks of a body, whatever kind it is: a WHATWG `ReadableStream` or an async iterable. Ends early, and lets go of
 * the body, when the signal aborts; also where the transport does not listen to it.
 *
 * @throws ClientError `network` when the connection breaks
 */
export async function* chunksOf(body: unknown, signal: AbortSignal): AsyncGenerator<Chunk, void, undefined> {
  const source = sourceOf(body);
  try {
    for (;;) {
      const next = await unlessAborted(source.next(), signal);
      if (next.done) return;
      yield next.value;
    }
  } catch (error) {
    if (!signal.aborted) throw new ClientError(networkFailure(error), { cause: error });
  } finally {
    // where it has ended by itself this does nothing
    source.cancel();
  }
}

type Next = { readonly done: true } | { readonly done?: false; readonly value: Chunk };

function sourceOf(body: unknown): { next(): Promise<Next>; cancel(): void } {
  const quiet = (promise: Promise<unknown> | undefined) => void promise?.catch(() => {});
  if (typeof body === 'object' && body !== null) {
    if ('getReader' in body) {
      const reader = (body as ReadableStream<Uint8Array>).getReader();
      return { next: () => reader.read() as Promise<Next>, cancel: () => quiet(reader.cancel()) };
    }
    if (Symbol.asyncIterator in body) {
      const iterator = (body as AsyncIterable<Chunk>)[Symbol.asyncIterator]();
      return { next: () => iterator.next() as Promise<Next>, cancel: () => quiet(iterator.return?.()) };
    }
  }
  throw new ClientError({ kind: 'protocol', what: 'no readable body' });
}
