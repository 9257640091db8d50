import type { Chunk } from '../core/probe.js';
import type { Reply } from '../core/reply.js';
import type { HttpRequest, Socket, SocketRequest, World } from '../world.js';

/** One exchange as it went over the wire, credentials and all: only for `renderHar`, which takes them out. */
export interface Recorded {
  /** milliseconds since the epoch */
  readonly began: number;
  readonly request: Pick<HttpRequest, 'method' | 'url' | 'body'> & { readonly headers: Reply['headers'] };
  status: number;
  headers: Reply['headers'];
  text: string;
  /** more came than is kept */
  cut: boolean;
  /** why nobody answered; empty where somebody did */
  error: string;
  ms: number;
  /** of a socket; absent otherwise */
  readonly messages?: { readonly type: 'send' | 'receive'; readonly time: number; readonly data: string }[];
}

/** of a body, and of all messages of a socket */
const mostText = 65_536;
/** of all bodies together, where some are not as small as usual */
const mostTexts = 2 * 1_048_576;
const mostEntries = 5_000;

/** A world that puts what goes over HTTP and over sockets into `entries`, bounded. */
export function recorded(world: World, entries: Recorded[]): World {
  const begin = (request: Recorded['request'], messages?: Recorded['messages']): Recorded => {
    const blank = { status: 0, headers: [], text: '', cut: false, error: '', ms: 0 };
    const entry: Recorded = { began: world.now(), request, ...blank, ...(messages === undefined ? {} : { messages }) };
    if (entries.length < mostEntries) entries.push(entry);
    return entry;
  };
  const timed = async <T>(entry: Recorded, work: () => Promise<T>): Promise<T> => {
    const began = world.monotonic();
    try {
      return await work();
    } catch (error) {
      entry.error = error instanceof Error ? error.message : 'unknown';
      throw error;
    } finally {
      entry.ms = world.monotonic() - began;
    }
  };
  let kept = 0;
  const keep = (entry: Recorded, text: string) => {
    const room = Math.max(0, Math.min(mostText - entry.text.length, mostTexts - kept));
    const more = text.length > room ? alone(text.slice(0, room)) : text;
    entry.cut ||= text.length > room;
    entry.text += more;
    kept += more.length;
  };
  const http: World['http'] = {
    laden: () => world.http.laden(),
    close: () => world.http.close(),
    async send(request) {
      const entry = begin(asked(request));
      const reply = await timed(entry, () => world.http.send(request));
      Object.assign(entry, { status: reply.status, headers: reply.headers });
      keep(entry, reply.text);
      return reply;
    },
    async open(request) {
      const entry = begin(asked(request));
      const opening = await timed(entry, () => world.http.open(request));
      Object.assign(entry, { status: opening.status, headers: opening.headers });
      return { ...opening, body: heard(opening.body, (text) => keep(entry, text)) };
    },
  };
  const sockets: World['sockets'] = {
    async open(request) {
      const messages: NonNullable<Recorded['messages']> = [];
      const entry = begin(handshake(request), messages);
      let size = 0;
      const note = (type: 'send' | 'receive', data: string) => {
        size += data.length;
        if (size <= mostText) messages.push({ type, time: world.now(), data });
        else entry.cut = true;
      };
      const socket = await timed(entry, () => world.sockets.open(request));
      entry.status = socket.status;
      if (request.firstMessage !== undefined && socket.status === 101) note('send', request.firstMessage);
      return overheard(socket, note);
    },
  };
  return { ...world, http, sockets };
}

/** A copy: the piece of a text that V8 makes keeps the whole of it. */
function alone(piece: string): string {
  return Buffer.from(piece, 'utf16le').toString('utf16le');
}

function asked({ method, url, headers, also = [], body }: HttpRequest): Recorded['request'] {
  return { method, url, headers: [...Object.entries(headers), ...also], ...(body === undefined ? {} : { body }) };
}

function handshake({ url, protocols, headers }: SocketRequest): Recorded['request'] {
  const protocol = protocols.length === 0 ? [] : [['sec-websocket-protocol', protocols.join(', ')] as const];
  return { method: 'GET', url, headers: [...Object.entries(headers), ...protocol] };
}

async function* heard(body: AsyncIterable<Chunk>, keep: (text: string) => void): AsyncIterable<Chunk> {
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    keep(decoder.decode(chunk.bytes, { stream: true }));
    yield chunk;
  }
}

function overheard(socket: Socket, note: (type: 'send' | 'receive', data: string) => void): Socket {
  return {
    ...socket,
    async *messages() {
      for await (const text of socket.messages()) {
        note('receive', text);
        yield text;
      }
    },
    send(text) {
      note('send', text);
      return socket.send(text);
    },
  };
}
