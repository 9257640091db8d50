/** What the driver needs of a platform's sockets; `webSocketPort` and `wsPort` make one. */
export interface SocketPort {
  /** the platform can send headers with the handshake (no browser can) */
  readonly sendsHeaders: boolean;
  /** the platform tells the status of a refused handshake (no browser does: they all say 1006) */
  readonly tellsStatus: boolean;
  /** starts a handshake; everything after that is told to `listener` */
  open(request: SocketRequest, listener: SocketListener): SocketHandle;
}

export interface SocketRequest {
  /** ws: or wss: */
  readonly url: string;
  readonly protocols: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

export interface SocketListener {
  opened(): void;
  message(data: string | Uint8Array): void;
  pong(): void;
  /** once or more often: only the first one counts */
  down(signal: DownSignal): void;
}

export interface SocketHandle {
  send(data: string): void;
  /** a clean close, also while the handshake is under way */
  close(code: number): void;
  /** gone without a word, where the platform can do that */
  terminate?(): void;
  /** a protocol-level ping, where the platform can send one */
  ping?(): void;
}

/** How a connection ended, or why there was none. */
export type DownSignal =
  | { readonly type: 'handshake'; readonly status: number; readonly retryAfter: number | null }
  | { readonly type: 'close'; readonly code: number; readonly reason: string }
  /** no answer at all; `code` is the system's or the library's, `fatal` that trying again does not mend it */
  | { readonly type: 'error'; readonly code: string | null; readonly fatal?: boolean };

/** The parts of the WHATWG `WebSocket` class that the port uses. */
export interface WebSocketLike {
  binaryType: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string): void;
  close(code?: number): void;
}

/** Sockets of a browser, or of any platform with a WHATWG `WebSocket`. */
export function webSocketPort(WebSocket: new (url: string, protocols: string[]) => WebSocketLike): SocketPort {
  return {
    sendsHeaders: false,
    tellsStatus: false,
    open({ url, protocols }, listener) {
      const socket = new WebSocket(url, [...protocols]);
      socket.binaryType = 'arraybuffer';
      socket.onopen = () => listener.opened();
      socket.onmessage = ({ data }: { data: string | ArrayBuffer }) =>
        listener.message(typeof data === 'string' ? data : new Uint8Array(data));
      // a close event follows every error event, and only it has a code; but nobody listening is an error to some
      socket.onerror = () => {};
      socket.onclose = ({ code, reason }: { code: number; reason: string }) =>
        listener.down({ type: 'close', code, reason });
      return { send: (data) => socket.send(data), close: (code) => socket.close(code) };
    },
  };
}

/** The `WebSocket` of this platform. @throws TypeError where there is none */
export function platformPort(): SocketPort {
  const { WebSocket } = globalThis as { WebSocket?: unknown };
  if (typeof WebSocket !== 'function') throw new TypeError('this platform has no WebSocket: hand in a port');
  return webSocketPort(WebSocket as new (url: string, protocols: string[]) => WebSocketLike);
}

/** Calls back when the network is back, where the platform tells; returns how to stop. */
export function whenOnline(listener: () => void): () => void {
  const target = globalThis as Partial<EventTarget>;
  target.addEventListener?.('online', listener);
  return () => target.removeEventListener?.('online', listener);
}
