type Piece = { readonly bytes: Uint8Array } | { readonly error: unknown } | 'end';

/** A response body in the hands of a test: an async iterable of bytes. */
export class Body implements AsyncIterable<Uint8Array> {
  /** the reader has let go of it */
  released = false;
  readonly #pieces: Piece[] = [];
  #wake: () => void = () => {};

  static of(...texts: string[]): Body {
    const body = new Body();
    for (const text of texts) body.push(text);
    return body;
  }

  push(text: string | Uint8Array): this {
    return this.#add({ bytes: typeof text === 'string' ? new TextEncoder().encode(text) : text });
  }

  end(): this {
    return this.#add('end');
  }

  break(error: unknown = new Error('reset')): this {
    return this.#add({ error });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const piece = this.#pieces.shift();
        if (piece === 'end') return;
        if (!piece) {
          await new Promise<void>((wake) => {
            this.#wake = wake;
          });
        } else if ('error' in piece) throw piece.error;
        else yield piece.bytes;
      }
    } finally {
      this.released = true;
    }
  }

  #add(piece: Piece): this {
    this.#pieces.push(piece);
    this.#wake();
    return this;
  }
}

export const eventStream = { 'content-type': 'text/event-stream; charset=utf-8' };
