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
 */
export class EventDecoder {
  /** the id that a new connection must ask to go on from; advanced by blank lines, also of events without data */
  lastId: string;
  /** milliseconds that the server wants between connections, null where it did not say */
  retry: number | null = null;
  readonly #limit: number;
  // which marks are dropped is ours to say: the decoder of Node 24 drops two when they come byte by byte
  readonly #text = new TextDecoder('utf-8', { ignoreBOM: true });
  #begun = false;
  #line = '';
  #afterCarriageReturn = false;
  #size = 0;
  #id: string | undefined;
  #name = '';
  #data: string[] = [];

  /** @param limit characters that one event may have before `limit` is thrown */
  constructor(lastId = '', limit = 1_048_576) {
    this.lastId = lastId;
    this.#limit = limit;
  }

  /** @throws ClientError `limit` for an event that does not end */
  *feed(chunk: Uint8Array | string): Generator<StreamEvent> {
    let text = typeof chunk === 'string' ? chunk : this.#text.decode(chunk, { stream: true });
    if (text === '') return;
    if (!this.#begun && text.startsWith('\ufeff')) text = text.slice(1);
    this.#begun = true;
    // the line feed that belongs to the carriage return at the end of the last chunk
    if (this.#afterCarriageReturn && text.startsWith('\n')) text = text.slice(1);
    this.#afterCarriageReturn = text.endsWith('\r');
    const lines = text.split(/\r\n|\r|\n/);
    lines[0] = this.#line + lines[0];
    this.#line = lines.pop() ?? '';
    for (const line of lines) {
      const event = line === '' ? this.#dispatch() : this.#field(line);
      if (event) yield event;
    }
    if (this.#size + this.#line.length > this.#limit) throw new ClientError({ kind: 'limit', what: 'event size' });
  }

  #field(line: string): undefined {
    this.#size += line.length;
    if (this.#size > this.#limit) throw new ClientError({ kind: 'limit', what: 'event size' });
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (name === 'data') this.#data.push(value);
    else if (name === 'event') this.#name = value;
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) this.retry = Math.min(Number(value), 30_000);
  }

  #dispatch(): StreamEvent | undefined {
    const [id, name, data] = [this.#id, this.#name || 'message', this.#data];
    this.#id = undefined;
    this.#name = '';
    this.#data = [];
    this.#size = 0;
    if (id !== undefined) this.lastId = id;
    return data.length > 0 ? { id, name, data: data.join('\n') } : undefined;
  }
}
