import type { StreamEvent } from '../client/index.js';
import { ClientError, eventDecoder } from '../client/index.js';
import type { Transport } from './reference-client.js';
import { responseOf } from './reference-client.js';

/** Where a stream is cut, or that it is answered 401 instead. */
export type Cut = 'after an event' | 'inside an event' | 'after the id of an event' | 'inside a character' | '401';

/** One connection of a stream as it came from the server: what was cut off is not in it. */
export interface Connection {
  readonly status: number;
  readonly events: StreamEvent[];
}

/** What the client begins with, and what goes over the wire instead until it has refreshed. */
export interface Stood {
  readonly by: string;
  readonly good: string;
}

/**
 * A layer that cuts one connection after the other as `cuts` says, and the rest not at all: in turn by an end that
 * looks clean and by a loss. What came from the server is noted in `seen`. The client is made to believe that its token
 * is another one: a server may rightly answer its refresh with the very token that it had.
 */
export function cutting(cuts: readonly Cut[], seen: Connection[], stood: Stood) {
  let n = 0;
  return (next: Transport): Transport =>
    async (path, init) => {
      const cut = cuts[n++] ?? null;
      if (cut === '401') return responseOf(401, [['content-length', '0']]);
      const { authorization } = init?.headers ?? {};
      const real = authorization === `Bearer ${stood.by}` ? { authorization: `Bearer ${stood.good}` } : {};
      const response = await next(path, { ...init, headers: { ...init?.headers, ...real } });
      const connection: Connection = { status: response.status, events: [] };
      seen.push(connection);
      if (response.status !== 200 || response.body === undefined) return response;
      return { ...response, body: cutBody(response.body as AsyncIterable<Uint8Array>, cut, n % 2 === 0, connection) };
    };
}

type Place = Exclude<Cut, '401'>;

async function* cutBody(body: AsyncIterable<Uint8Array>, cut: Place | null, loss: boolean, { events }: Connection) {
  const decoder = eventDecoder();
  let all = Buffer.alloc(0);
  let passed = 0;
  const upTo = (end: number) => {
    const piece = all.subarray(passed, end);
    passed = end;
    events.push(...decoder.feed(piece));
    return piece;
  };
  for await (const bytes of body) {
    all = Buffer.concat([all, bytes]);
    const place = cut === null ? null : placeOf(cut, all);
    // held back until it is known whether the cut is in it
    yield upTo(place ?? (cut === null ? all.length : (ends(all).at(-1) ?? 0)));
    if (place === null) continue;
    if (loss) throw new ClientError({ kind: 'network', code: 'ECONNRESET' });
    return;
  }
  yield upTo(all.length);
}

/** The byte at which to cut, at least one whole event from the start; null where that cannot be told yet. */
function placeOf(cut: Place, all: Buffer): number | null {
  const [first, second] = ends(all);
  if (first === undefined) return null;
  const rest = all.subarray(first).toString('latin1');
  switch (cut) {
    case 'after an event':
      return second ?? null;
    case 'inside an event':
      return second === undefined ? null : Math.floor((first + second) / 2);
    case 'after the id of an event': {
      const line = /(^|[\r\n])id:[^\r\n]*\r?\n/.exec(rest);
      return line === null ? null : first + line.index + line[0].length;
    }
    case 'inside a character': {
      const start = all.findIndex((byte, at) => at >= first && byte >= 0xc0);
      return start < 0 || start + 1 >= all.length ? null : start + 1;
    }
  }
}

/** Where the events end that a client can go on after: behind the blank line of each that has data and an id. */
function ends(all: Buffer): number[] {
  const found: number[] = [];
  let start = 0;
  for (const blank of all.toString('latin1').matchAll(/\r\n\r\n|\n\n|\r\r/g)) {
    const end = blank.index + blank[0].length;
    const block = all.subarray(start, end).toString('latin1');
    // comments and what only sets the time between tries are none
    if (/^data:/m.test(block) && /^id:/m.test(block)) found.push(end);
    start = end;
  }
  return found;
}
