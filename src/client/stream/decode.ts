import { ClientError } from '../failure.js';

/** One server-sent event (WHATWG HTML 9.2). */
export interface StreamEvent {
  /** what the server sent with this very event; undefined where it sent none */
  readonly id: string | undefined;
  /** `message` unless the server named it */
  readonly name: string;
  readonly data: string;
}

/**
 * Bytes to events, for one connection: any cut of the bytes gives the same events (WHATWG HTML 9.2.6). An event that
 * is unfinished when the bytes end is not an event.
 *
 * @param limit characters that one event may have before `limit` is thrown
 */
export function eventDecoder(lastId = '', limit = 1_048_576) {
  // which marks are dropped is ours to say: the decoder of Node 24 drops two when they come byte by byte
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let begun = false;
  let rest = '';
  let afterCarriageReturn = false;
  let retry: number | null = null;
  let size = 0;
  let id: string | undefined;
  let name = '';
  let data: string[] = [];

  const bound = (characters: number) => {
    if (characters > limit) throw new ClientError({ kind: 'limit', what: 'event size' });
  };

  const field = (line: string) => {
    size += line.length;
    bound(size);
    const [, key, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) as RegExpExecArray;
    if (key === 'data') data.push(value);
    else if (key === 'event') name = value;
    else if (key === 'id' && !value.includes('\0')) id = value;
    else if (key === 'retry' && /^\d+$/.test(value)) retry = Math.min(Number(value), 30_000);
  };

  const dispatch = (): StreamEvent | null => {
    const event = data.length > 0 ? { id, name: name || 'message', data: data.join('\n') } : null;
    if (id !== undefined) lastId = id;
    id = undefined;
    name = '';
    data = [];
    size = 0;
    return event;
  };

  return {
    /** the id that a new connection must ask to go on from; advanced by blank lines, also of events without data */
    get lastId(): string {
      return lastId;
    },
    /** milliseconds that the server wants between connections, null where it did not say */
    get retry(): number | null {
      return retry;
    },
    /** @throws ClientError `limit` for an event that does not end */
    *feed(chunk: Uint8Array | string): Generator<StreamEvent> {
      let text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
      if (text === '') return;
      if (!begun && text.startsWith('\ufeff')) text = text.slice(1);
      begun = true;
      // the line feed that belongs to the carriage return at the end of the last chunk
      if (afterCarriageReturn && text.startsWith('\n')) text = text.slice(1);
      afterCarriageReturn = text.endsWith('\r');
      const lines = text.split(/\r\n|\r|\n/);
      lines[0] = rest + lines[0];
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const event = line === '' ? dispatch() : field(line);
        if (event) yield event;
      }
      bound(size + rest.length);
    },
  };
}
