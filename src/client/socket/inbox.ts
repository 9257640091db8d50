import { seen } from '../seen.js';
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
export function inboxOf({ ack, refusal, messageId }: SocketOptions) {
  const isFirst = seen();
  let lastId: string | null = null;
  const isNew = (data: SocketData) => {
    const id = messageId?.(data);
    if (id === undefined) return true;
    if (!isFirst(id)) return false;
    lastId = id;
    return true;
  };
  return {
    /** the id of the last message that was delivered */
    get lastId() {
      return lastId;
    },
    read(data: SocketData, confirmed: boolean): Reading {
      const refused = refusal?.(data) ?? null;
      if (refused) return { refusal: refused, ack: false, deliver: false };
      if (ack && !confirmed) return { refusal: null, ack: ack(data), deliver: false };
      return { refusal: null, ack: !confirmed, deliver: isNew(data) };
    },
  };
}
