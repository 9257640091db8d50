import type { Clock } from '../transport.js';
import type { DownSignal, SocketHandle, SocketPort, SocketRequest } from './port.js';

export interface LineListener {
  opened(): void;
  message(data: string | Uint8Array): void;
  pong(): void;
  down(signal: DownSignal): void;
}

/** The sockets of one connection that are not gone yet: the current one, and those that are being closed. */
export class Lines {
  readonly #handles = new Map<number, SocketHandle>();
  readonly #port: SocketPort;
  readonly #clock: Clock;
  readonly #closeLimit: number;

  /** @param closeLimit milliseconds that a server has to answer our close */
  constructor(port: SocketPort, clock: Clock, closeLimit: number) {
    this.#port = port;
    this.#clock = clock;
    this.#closeLimit = closeLimit;
  }

  /** @throws whatever the platform throws at an address or a subprotocol that it does not take */
  open(id: number, request: SocketRequest, listener: LineListener): void {
    const handle = this.#port.open(request, {
      ...listener,
      down: (signal) => {
        this.#handles.delete(id);
        listener.down(signal);
      },
    });
    this.#handles.set(id, handle);
  }

  /** True when there was a socket to send on. */
  send(id: number, text: string): boolean {
    const handle = this.#handles.get(id);
    handle?.send(text);
    return handle !== undefined;
  }

  /** How to ping this socket: at the protocol level where the platform can, with `text` where there is one. */
  pinger(id: number, text: string | undefined): (() => void) | null {
    const handle = this.#handles.get(id);
    if (text !== undefined) return () => handle?.send(text);
    return handle?.ping ? () => handle.ping?.() : null;
  }

  /** Closes in good order, and cuts it off when the server does not answer. */
  close(id: number): void {
    const handle = this.#handles.get(id);
    if (!handle) return;
    handle.close(1000);
    this.#clock.setTimeout(() => this.drop(id), this.#closeLimit);
  }

  /** Forgets it at once. */
  drop(id: number): void {
    const handle = this.#handles.get(id);
    this.#handles.delete(id);
    if (handle?.terminate) handle.terminate();
    else handle?.close(1000);
  }
}
