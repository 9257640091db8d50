import type { Opening, Wire } from '../../src/core/probe.js';
import type { Reply } from '../../src/core/reply.js';

/** An answer that was whole, as one whose body still comes. */
export function whole({ url, status, headers, text }: Reply): Opening {
  async function* once() {
    yield { bytes: Buffer.from(text), at: performance.now(), unseen: 0 };
  }
  return { url, status, headers, at: performance.now(), body: once(), close: () => {} };
}

/** A wire at whose end an edge has answered and gone. */
export function answered(text: string): Wire {
  const bytes = Buffer.from(text);
  return {
    send: () => {},
    received: () => bytes,
    until: async (enough) => (enough(bytes) ? 'enough' : 'ended'),
    close: () => {},
  };
}
