import { Seen } from '../seen.js';
import type { DownClass } from './classes.js';
import type { SocketData, SocketOptions } from './options.js';

/** What a message is good for. */
export interface Reading {
  /** the application refuses us, in its own words */
  readonly refusal: DownClass | null;
  /** it is the server's yes */
  readonly ack: boolean;
  /** it is for the application, and new */
  readonly deliver: boolean;
}

/** Reads the messages of one session: the gate before the ack, and the memory of what was delivered. */
export class Inbox {
  /** the id of the last message that was delivered */
  lastId: string | null = null;
  readonly #seen = new Seen();
  readonly #options: SocketOptions;

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  read(data: SocketData, confirmed: boolean): Reading {
    const { ack, refusal } = this.#options;
    const refused = refusal?.(data) ?? null;
    if (refused) return { refusal: refused, ack: false, deliver: false };
    if (confirmed) return { refusal: null, ack: false, deliver: this.#first(data) };
    if (ack) return { refusal: null, ack: ack(data), deliver: false };
    return { refusal: null, ack: true, deliver: this.#first(data) };
  }

  #first(data: SocketData): boolean {
    const id = this.#options.messageId?.(data);
    if (id === undefined) return true;
    if (!this.#seen.first(id)) return false;
    this.lastId = id;
    return true;
  }
}
