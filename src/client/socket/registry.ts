import { Connection, type ConnectionContext, type SocketStatus } from './connection.js';
import { defaultLimits, type SocketData, type SocketOptions } from './options.js';
import { type SocketPort, type WebSocketLike, webSocketPort } from './port.js';
import { isTerminal } from './step.js';

/** A share in a connection. All who ask for the same one in one session share it. */
export interface AuthSocket {
  readonly status: SocketStatus;
  /** hears of each change of `status` */
  subscribe(listener: () => void): () => void;
  /** hears each message once, in order, after the server's yes */
  onMessage(listener: (data: SocketData) => void): () => void;
  /** true when it went out; false, and nothing kept, while the connection is not live */
  send(data: string): boolean;
  /** asks again for a connection that the server ended in good order */
  connect(): void;
  /** gives the share back; the connection closes a moment after the last one */
  release(): void;
}

interface Entry {
  readonly connection: Connection;
  shares: number;
  linger: unknown;
}

/** The connections of one client: one for each session, URL and channel. */
export class SocketRegistry {
  readonly #entries = new Map<string, Entry>();
  readonly #context: Omit<ConnectionContext, 'port'>;

  constructor(context: Omit<ConnectionContext, 'port'>) {
    this.#context = context;
  }

  /** A share in the connection to this URL; opened as soon as auth is confirmed. */
  acquire(url: string, options: SocketOptions): AuthSocket {
    const { origin, pathname, search } = new URL(url);
    // the epoch is the session: it changes with each sign-in, sign-out and change of user
    const key = [origin, this.#context.coordinator.state.epoch, options.channel ?? pathname + search].join('|');
    let entry = this.#entries.get(key);
    if (!entry || isTerminal(entry.connection.status)) {
      const port = options.port ?? platformPort();
      entry = { connection: new Connection(url, options, { ...this.#context, port }), shares: 0, linger: undefined };
      this.#entries.set(key, entry);
    }
    entry.shares++;
    this.#context.clock.clearTimeout(entry.linger);
    entry.connection.connect();
    return this.#share(key, entry, options);
  }

  #share(key: string, entry: Entry, options: SocketOptions): AuthSocket {
    const { connection } = entry;
    const mine: (() => void)[] = [];
    const keep = (stop: () => void) => {
      mine.push(stop);
      return stop;
    };
    let released = false;
    return {
      get status() {
        return connection.status;
      },
      subscribe: (listener) => keep(connection.onStatus.add(listener)),
      onMessage: (listener) => keep(connection.onMessage.add(listener)),
      send: (data) => !released && connection.send(data),
      connect: () => connection.connect(),
      release: () => {
        if (released) return;
        released = true;
        for (const stop of mine) stop();
        if (--entry.shares > 0) return;
        const linger = options.limits?.linger ?? defaultLimits.linger;
        entry.linger = this.#context.clock.setTimeout(() => this.#end(key, entry), linger);
      },
    };
  }

  #end(key: string, entry: Entry): void {
    entry.connection.end();
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }
}

function platformPort(): SocketPort {
  const { WebSocket } = globalThis as { WebSocket?: unknown };
  if (typeof WebSocket !== 'function') throw new TypeError('this platform has no WebSocket: hand in a port');
  return webSocketPort(WebSocket as new (url: string, protocols: string[]) => WebSocketLike);
}
