import { Unreachable } from '../core/errors.js';
import type { Opening, Wire } from '../core/probe.js';
import type { HttpRequest, Socket, SocketRequest, World } from '../world.js';

/** What is told of the exchanges in a world. */
export interface Ears {
  /** the URL of one that got no answer, or that of a server in trouble, or whose answer broke off */
  readonly lost: (url: string) => void;
  readonly heard: {
    http(request: HttpRequest, status: number): void;
    socket(request: SocketRequest, status: number): void;
  };
}

/** going away, cut, internal error, restart, try again, bad gateway (RFC 6455 7.4.1 and the registry of close codes) */
export function isLossCode(code: number): boolean {
  return [1001, 1006, 1011, 1012, 1013, 1014].includes(code);
}

/** A world that tells what becomes of each exchange in it. */
export function watched(world: World, { lost, heard }: Ears): World {
  const watching = async <T>(url: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      // a certificate that is not trusted is the answer of somebody who is there
      if (error instanceof Unreachable && error.step !== 'tls') lost(url);
      throw error;
    }
  };
  const judged = (url: string, status: number) => void (status >= 500 && lost(url));

  async function* whole({ url, body }: Opening) {
    const pieces = body[Symbol.asyncIterator]();
    try {
      for (let next = await watching(url, pieces.next()); next.done !== true; next = await watching(url, pieces.next()))
        yield next.value;
    } finally {
      await pieces.return?.();
    }
  }

  const { http, sockets, net } = world;
  return {
    ...world,
    http: {
      ...http,
      async send(request) {
        const reply = await watching(request.url, http.send(request));
        judged(request.url, reply.status);
        heard.http(request, reply.status);
        return reply;
      },
      async open(request) {
        const opening = await watching(request.url, http.open(request));
        judged(request.url, opening.status);
        return { ...opening, body: whole(opening) };
      },
    },
    sockets: {
      ...sockets,
      async open(request) {
        const socket = await watching(request.url, sockets.open(request));
        judged(request.url, socket.status);
        heard.socket(request, socket.status);
        return socket.status === 101 ? open(socket, () => lost(request.url)) : socket;
      },
    },
    net: {
      ...net,
      wire: async (url, signal) => ended(await watching(url, net.wire(url, signal)), () => lost(url)),
      tls: (url, newest, signal) => watching(url, net.tls(url, newest, signal)),
    },
  };
}

/** A socket that tells where it is closed for want of a server, unless it was closed from here before. */
function open(socket: Socket, lost: () => void): Socket {
  let left = false;
  void socket.closed().then(({ code }) => void (!left && isLossCode(code) && lost()));
  return {
    ...socket,
    close() {
      left = true;
      return socket.close();
    },
  };
}

/** A wire at whose other end somebody goes, or a server says that it is in trouble. */
function ended(wire: Wire, lost: () => void): Wire {
  return {
    ...wire,
    async until(enough, ms) {
      const how = await wire.until(enough, ms);
      const first = Buffer.from(wire.received().subarray(0, 12)).toString('latin1');
      if (how === 'ended' || /^HTTP\/1\.\d 5/.test(first)) lost();
      return how;
    },
  };
}
