import { retryAfter } from '../failure.js';
import type { DownSignal, SocketPort } from './port.js';

/** The parts of the `ws` package's `WebSocket` class that the port uses. */
export interface WsSocket {
  on(event: string, listener: (...args: never[]) => void): unknown;
  send(data: string): void;
  close(code?: number): void;
  terminate(): void;
  ping(): void;
}

interface IncomingMessage {
  readonly statusCode?: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  resume(): unknown;
}

/** What the client wants of `ws`: no compression, small frames, a bounded handshake, nothing followed. */
const careful = {
  perMessageDeflate: false,
  maxPayload: 1_048_576,
  handshakeTimeout: 10_000,
  followRedirects: false,
  skipUTF8Validation: false,
};

/**
 * Sockets of the `ws` package, whose class is handed in. They can send headers, ping, and tell why a handshake failed.
 *
 * @param options more for `ws`: `origin`, `ca` and the like
 */
export function wsPort(
  WebSocket: new (url: string, protocols: string[], options: object) => WsSocket,
  options: object = {},
): SocketPort {
  return {
    sendsHeaders: true,
    tellsStatus: true,
    open({ url, protocols, headers }, listener) {
      const socket = new WebSocket(url, [...protocols], { ...careful, ...options, headers });
      // the error or the refusal comes before the close, and says more
      let why: DownSignal | null = null;
      socket.on('open', () => listener.opened());
      socket.on('pong', () => listener.pong());
      socket.on('message', (data: Uint8Array, binary: boolean) =>
        listener.message(binary ? data : new TextDecoder().decode(data)),
      );
      socket.on('unexpected-response', (_request: unknown, response: IncomingMessage) => {
        const headers = { get: (name: string) => [response.headers[name]].flat()[0] ?? null };
        const status = response.statusCode ?? 0;
        response.resume();
        listener.down({ type: 'handshake', status, retryAfter: retryAfter(headers, Date.now()) });
        socket.terminate();
      });
      socket.on('error', (error: Error & { code?: unknown }) => {
        const code = typeof error.code === 'string' ? error.code : codeIn(error.message);
        why ??= { type: 'error', code, fatal: fatal.test(code ?? '') };
      });
      socket.on('close', (code: number, reason: Uint8Array) =>
        // our own end found a fault: its code is in the error, the close says 1006
        listener.down(why && code === 1006 ? why : { type: 'close', code, reason: new TextDecoder().decode(reason) }),
      );
      return socket;
    },
  };
}

/** Trying again does not mend a certificate, or a server that speaks something else. */
const fatal = /^(WS_ERR_|HPE_|CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;

/** `ws` gives handshake faults no code, only a text. */
function codeIn(message: string): string | null {
  if (/Sec-WebSocket-Accept/.test(message)) return 'WS_ERR_INVALID_ACCEPT';
  if (/subprotocol/i.test(message)) return 'WS_ERR_INVALID_SUBPROTOCOL';
  return /timed out/.test(message) ? 'ETIMEDOUT' : null;
}
