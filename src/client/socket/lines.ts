import type { Clock } from '../transport.js';
import type { DownSignal, SocketHandle, SocketListener, SocketPort, SocketRequest } from './port.js';

/**
 * The sockets of one connection that are not gone yet: the current one, and those that are being closed.
 *
 * @param closeLimit milliseconds that a server has to answer our close
 */
export function linesOf(port: SocketPort, clock: Clock, closeLimit: number) {
  const handles = new Map<number, SocketHandle>();
  const drop = (id: number) => {
    const handle = handles.get(id);
    handles.delete(id);
    if (handle?.terminate) handle.terminate();
    else handle?.close(1000);
  };
  return {
    /** @throws whatever the platform throws at an address or a subprotocol that it does not take */
    open(id: number, request: SocketRequest, listener: SocketListener): void {
      const down = (signal: DownSignal) => {
        handles.delete(id);
        listener.down(signal);
      };
      handles.set(id, port.open(request, { ...listener, down }));
    },
    /** True when there was a socket to send on. */
    send(id: number, text: string): boolean {
      const handle = handles.get(id);
      handle?.send(text);
      return !!handle;
    },
    /** How to ping this socket: at the protocol level where the platform can, with `text` where there is one. */
    pinger(id: number, text: string | undefined): (() => void) | null {
      const handle = handles.get(id);
      if (text !== undefined) return () => handle?.send(text);
      return handle?.ping ? () => handle.ping?.() : null;
    },
    /** Closes in good order, and cuts it off when the server does not answer. */
    close(id: number): void {
      const handle = handles.get(id);
      if (!handle) return;
      handle.close(1000);
      clock.setTimeout(() => drop(id), closeLimit);
    },
    /** Forgets it at once. */
    drop,
  };
}
