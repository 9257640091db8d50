import type { ClassTable, DownClass } from './classes.js';
import type { HeartbeatPolicy } from './heartbeat.js';
import type { SocketPort, SocketRequest } from './port.js';
import type { SocketPolicy } from './state.js';

/** How the server is told who connects. */
export type SocketMode =
  /** `?token=...`; such URLs end up in logs, so prefer a one-time ticket (see `token`) */
  | { readonly mode: 'query'; readonly name?: string }
  /** offers `[protocol, token]`; `bearer` unless named */
  | { readonly mode: 'subprotocol'; readonly protocol?: string }
  /** `Authorization: Bearer`; no browser can send it */
  | { readonly mode: 'header' }
  /** the first message says it; `{"type":"auth","token":...}` unless made here */
  | { readonly mode: 'message'; readonly message?: (token: string) => string };

export type SocketData = string | Uint8Array;

export interface SocketOptions {
  readonly auth: SocketMode;
  /** sockets of the platform; the global `WebSocket` unless given */
  readonly port?: SocketPort;
  /** several connections of one session to one URL are told apart by this */
  readonly channel?: string;
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** makes a ticket for one connection out of the credential; the credential itself unless given */
  readonly token?: (credential: string, signal: AbortSignal) => Promise<string> | string;
  /**
   * Tells the server's yes from other messages. Unless given, the connection counts as confirmed with its first message
   * or after `settle`, whichever comes first.
   */
  readonly ack?: (data: SocketData) => boolean;
  /** tells an error message of the application, before or after the ack; null for any other message */
  readonly refusal?: (data: SocketData) => DownClass | null;
  /** the server's id of a message; a message whose id was delivered before is not delivered again */
  readonly messageId?: (data: SocketData) => string | undefined;
  /** sent after a reconnect: asks for what came after this id */
  readonly resume?: (lastId: string) => string;
  /** tells a live server about a newer credential; where it is left out the connection goes on as it is */
  readonly reauth?: (token: string) => string;
  /** an application-level ping, for platforms that have no other */
  readonly ping?: string;
  readonly classes?: ClassTable;
  readonly heartbeat?: Partial<HeartbeatPolicy>;
  readonly policy?: Partial<SocketPolicy>;
  readonly limits?: Partial<SocketLimits>;
  /** calls back when the network is back; the platform's `online` event unless given */
  readonly online?: (listener: () => void) => () => void;
}

/** Milliseconds. */
export interface SocketLimits {
  /** for the `token` function */
  readonly token: number;
  /** from the opening to the ack */
  readonly ack: number;
  /** from the opening to being taken as confirmed, where there is no ack */
  readonly settle: number;
  /** from our close to the server's, before the connection is cut */
  readonly close: number;
  /** from the last release to the close */
  readonly linger: number;
  /** of life that a credential must have left to be used */
  readonly life: number;
}

export const defaultLimits: SocketLimits = {
  token: 10_000,
  ack: 5_000,
  settle: 1_000,
  close: 2_000,
  linger: 1_000,
  life: 5_000,
};

/** The handshake that carries this token in this mode. */
export function handshake(url: string, token: string, options: SocketOptions): SocketRequest {
  const { auth, protocols = [], headers = {} } = options;
  const plain: SocketRequest = { url, protocols, headers };
  switch (auth.mode) {
    case 'query': {
      const withToken = new URL(url);
      withToken.searchParams.set(auth.name ?? 'token', token);
      return { ...plain, url: withToken.href };
    }
    case 'subprotocol':
      return { ...plain, protocols: [...protocols, auth.protocol ?? 'bearer', token] };
    case 'header':
      return { ...plain, headers: { ...headers, authorization: `Bearer ${token}` } };
    case 'message':
      return plain;
  }
}

/** The message that says who connects, in the mode that has one. */
export function greeting(token: string, { auth }: SocketOptions): string | null {
  if (auth.mode !== 'message') return null;
  return auth.message?.(token) ?? JSON.stringify({ type: 'auth', token });
}
