import type { Clock } from '../transport.js';
import type { SocketHandle, SocketListener, SocketPort, SocketRequest } from './port.js';

/**
 * The one socket of a connection, from its first moment until it is gone: the next one is opened when this one is.
 *
 * @param closeLimit milliseconds that a server has to answer our close
 */
export function lineOf(port: SocketPort, clock: Clock, closeLimit: number) {
  let handle: SocketHandle | null = null;
  /** Forgets it at once. */
  const drop = () => {
    const gone = handle;
    handle = null;
    if (gone?.terminate) gone.terminate();
    else gone?.close(1000);
  };
  return {
    drop,
    /** @throws whatever the platform throws at an address or a subprotocol that it does not take */
    open(request: SocketRequest, listener: SocketListener): void {
      handle = port.open(request, listener);
    },
    /** True when there was a socket to send on. */
    send(text: string): boolean {
      handle?.send(text);
      return !!handle;
    },
    /** How to ping: at the protocol level where the platform can, with `text` where there is one. */
    pinger(text: string | undefined): (() => void) | null {
      if (text !== undefined) return () => handle?.send(text);
      return handle?.ping ? () => handle?.ping?.() : null;
    },
    /** Closes in good order, and cuts it off when the server does not answer. */
    close(): void {
      if (!handle) return;
      handle.close(1000);
      clock.setTimeout(drop, closeLimit);
    },
  };
}
