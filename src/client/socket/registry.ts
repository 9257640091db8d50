import { type Connection, type ConnectionContext, connectionOf, type SocketStatus } from './connection.js';
import { defaultLimits, type SocketData, type SocketOptions } from './options.js';
import { platformPort } from './port.js';
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

/**
 * The connections of one client: one for each session, URL and channel. Hands out shares in them, which are opened as
 * soon as auth is confirmed.
 */
export function registryOf(context: Omit<ConnectionContext, 'port'>) {
  const { coordinator, clock } = context;
  const entries = new Map<string, Entry>();

  return (url: string, options: SocketOptions): AuthSocket => {
    const { origin, pathname, search } = new URL(url);
    // the epoch is the session: it changes with each sign-in, sign-out and change of user
    const key = [origin, coordinator.state.epoch, options.channel ?? pathname + search].join('|');
    let entry = entries.get(key);
    if (!entry || isTerminal(entry.connection.status)) {
      const port = options.port ?? platformPort();
      entry = { connection: connectionOf(url, options, { ...context, port }), shares: 0, linger: undefined };
      entries.set(key, entry);
    }
    entry.shares++;
    clock.clearTimeout(entry.linger);
    entry.connection.connect();
    const end = () => {
      connection.end();
      if (entries.get(key) === shared) entries.delete(key);
    };

    const shared = entry;
    const { connection } = shared;
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
      subscribe: (listener) => keep(connection.onStatus(listener)),
      onMessage: (listener) => keep(connection.onMessage(listener)),
      send: (data) => !released && connection.send(data),
      connect: connection.connect,
      release() {
        if (released) return;
        released = true;
        for (const stop of mine) stop();
        if (--shared.shares === 0)
          shared.linger = clock.setTimeout(end, options.limits?.linger ?? defaultLimits.linger);
      },
    };
  };
}
