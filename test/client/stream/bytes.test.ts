import { describe, expect, it, vi } from 'vitest';
import { ClientError } from '../../../src/client/index.js';
import { chunksOf } from '../../../src/client/stream/bytes.js';
import { settled } from '../../support/virtual-clock.js';

/** A body that waits after these chunks, as each kind of transport hands it out; how it was let go of. */
const bodies = {
  'a ReadableStream': (chunks: string[], cancel: () => unknown = () => {}) =>
    new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
      },
      cancel: cancel as () => Promise<void>,
    }),
  'an async iterable': (chunks: string[], cancel: () => unknown = () => {}) => {
    const left = [...chunks];
    const next = async () => (left.length > 0 ? { value: left.shift() } : new Promise(() => {}));
    return { [Symbol.asyncIterator]: () => ({ next, return: async () => cancel() }) };
  },
};

async function read(body: unknown, signal: AbortSignal, each = (_chunk: unknown) => {}) {
  const chunks: unknown[] = [];
  for await (const chunk of chunksOf(body, signal)) {
    chunks.push(chunk);
    each(chunk);
  }
  return chunks;
}

describe.each(Object.entries(bodies))('the bytes of %s', (_kind, bodyOf) => {
  it('come until the signal aborts; then it is let go of', async () => {
    const controller = new AbortController();
    const cancel = vi.fn();
    const reading = read(bodyOf(['a', 'b'], cancel), controller.signal);
    await settled();
    expect(cancel).not.toHaveBeenCalled();
    controller.abort();
    expect(await reading).toEqual(['a', 'b']);
    expect(cancel).toHaveBeenCalledOnce();
  });

  it('are let go of when the reader leaves, and it is no matter when that fails', async () => {
    const cancel = vi.fn(async () => Promise.reject(new Error('gone')));
    const { signal } = new AbortController();
    await expect(
      read(bodyOf(['a'], cancel), signal, () => {
        throw new Error('mine');
      }),
    ).rejects.toThrow();
    await settled();
    expect(cancel).toHaveBeenCalledOnce();
  });
});

describe('the bytes', () => {
  const failing = (error: unknown, before = () => {}) => ({
    async *[Symbol.asyncIterator]() {
      yield 'a';
      before();
      throw error;
    },
  });

  it('that break off are trouble of the network, with what was thrown', async () => {
    const thrown = Object.assign(new Error('terminated'), { code: 'ECONNRESET' });
    const failed = await read(failing(thrown), new AbortController().signal).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(ClientError);
    expect(failed).toMatchObject({ failure: { kind: 'network', code: 'ECONNRESET' }, cause: thrown });
  });

  it('that break off because nobody wants them any more are no trouble', async () => {
    const controller = new AbortController();
    expect(
      await read(
        failing(new Error(), () => controller.abort()),
        controller.signal,
      ),
    ).toEqual(['a']);
  });

  it('end where the body ends, also where it cannot be let go of', async () => {
    const results = [{ value: 'a' }, { done: true }];
    const body = { [Symbol.asyncIterator]: () => ({ next: async () => results.shift() }) };
    expect(await read(body, new AbortController().signal)).toEqual(['a']);
  });

  it.each([[null], [undefined], ['text'], [7], [{}], [() => {}]])('cannot be read from %o', async (body) => {
    const failed = read(body, new AbortController().signal);
    await expect(failed).rejects.toMatchObject({ failure: { kind: 'protocol', what: 'no readable body' } });
  });
});
