import type { SocketHandle, SocketListener, SocketPort, SocketRequest } from '../../src/client/index.js';

/** A socket in the hands of a test. */
export interface FakeSocket {
  readonly request: SocketRequest;
  readonly listener: SocketListener;
  readonly sent: string[];
  pings: number;
  /** the code that the client closed it with */
  closed: number | null;
  terminated: boolean;
}

/** Sockets that do only what a test tells them. */
export class FakePort implements SocketPort {
  readonly sockets: FakeSocket[] = [];
  readonly sendsHeaders: boolean;
  readonly tellsStatus: boolean;

  constructor(platform: 'server' | 'browser' = 'server') {
    this.sendsHeaders = platform === 'server';
    this.tellsStatus = platform === 'server';
  }

  open(request: SocketRequest, listener: SocketListener): SocketHandle {
    const socket: FakeSocket = { request, listener, sent: [], pings: 0, closed: null, terminated: false };
    this.sockets.push(socket);
    return {
      send: (data: string) => void socket.sent.push(data),
      close: (code: number) => {
        socket.closed = code;
      },
      terminate: () => {
        socket.terminated = true;
      },
      ping: () => {
        socket.pings++;
      },
    };
  }

  get last(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }

  /** Neither closed by the client, nor cut, nor replaced: what a server would count as a connection. */
  get alive(): FakeSocket[] {
    return this.sockets.filter(({ closed, terminated }) => closed === null && !terminated);
  }

  /** The token in the query of the latest handshake. */
  get token(): string | null {
    return new URL(this.last.request.url).searchParams.get('token');
  }

  accept(): void {
    this.last.listener.opened();
    this.last.listener.message('welcome');
  }

  refuse(status: number, retryAfter: number | null = null): void {
    this.last.listener.down({ type: 'handshake', status, retryAfter });
  }

  close(code: number): void {
    this.last.listener.down({ type: 'close', code, reason: '' });
  }
}
