import { Unreachable } from '../../src/core/errors.js';
import type { Opening, Wire } from '../../src/core/probe.js';
import type { Reply } from '../../src/core/reply.js';
import { turnedAway } from '../../src/io/socket.js';
import type { HttpRequest, Outside, Socket, World } from '../../src/world.js';
import { answered, whole } from './stand-ins.js';

/** Which part of a deployment goes. */
export const sides = ['api', 'auth', 'both', 'socket'] as const;
export type Side = (typeof sides)[number];

/**
 * How it goes. `refused`: nothing listens any more, what is open is cut; `lost`: the same, but what is being asked is still
 * done, and only its answer does not come; `502`, `503`: an edge in front of it answers; `500`: what it needs itself is gone;
 * `blip`: one exchange is lost with all that is open, and all is well again.
 */
export const ways = ['refused', 'lost', '502', '503', '500', 'blip'] as const;
export type Way = (typeof ways)[number];

export interface Outage {
  readonly side: Side;
  readonly way: Way;
  /** whether it goes at this place, told with all so far */
  readonly at: (places: readonly string[]) => boolean;
}

export interface BentWorld {
  readonly world: Pick<World, 'http' | 'sockets' | 'net' | 'timer' | 'through'>;
  /** all moments at which it could go, in order: what is asked, said and heard, and each wait */
  readonly places: readonly string[];
  /** exchanges that came to nothing so far */
  readonly lost: () => number;
}

/** Shorter waits are no moment of their own, longer ones are limits. */
const waits = { from: 50, to: 60_000 };

/** A real world in which a part of a deployment goes away at one moment. Nothing in the deployment itself is touched. */
export function bentWorld(
  real: World,
  demo: { readonly auth: string; readonly api: string },
  outage?: Outage,
): BentWorld {
  const places: string[] = [];
  let lost = 0;
  let over = false;
  let cut = () => {};
  const fell = new Promise<void>((resolve) => {
    cut = resolve;
  });
  const [auth, api] = [new URL(demo.auth).origin, new URL(demo.api).origin];
  const hit = (url: string): boolean => {
    if (outage === undefined) return false;
    const socket = url.startsWith('ws');
    const { origin } = new URL(url.replace(/^ws/, 'http'));
    if (outage.side === 'socket') return socket;
    return (origin === auth && outage.side !== 'api') || (origin === api && outage.side !== 'auth');
  };
  /** passes a moment; true when the outage begins with it */
  const pass = (place: string): boolean => {
    places.push(place);
    if (over || outage === undefined || !outage.at(places)) return false;
    over = true;
    cut();
    return true;
  };
  const gone = (url: string, began: boolean) => over && hit(url) && (began || outage?.way !== 'blip');
  const none = (url: string, step: 'connect' | 'headers' | 'body'): never => {
    lost += 1;
    const detail = {
      connect: 'connection refused: nothing listens there',
      headers: 'the connection was reset',
      body: 'the answer ended before it was whole',
    };
    throw new Unreachable(url, step, detail[step]);
  };
  const status = /^\d+$/.test(outage?.way ?? '') ? Number(outage?.way) : null;
  const edge = ({ method, url }: Pick<HttpRequest, 'method' | 'url'>): Reply => {
    lost += 1;
    const json = status === 500 ? { message: 'internal error' } : undefined;
    const text = json === undefined ? `<html><h1>${status}</h1></html>` : JSON.stringify(json);
    const type = json === undefined ? 'text/html' : 'application/json';
    return { method, url, status: status ?? 0, headers: [['content-type', type]], text, json, ms: 1 };
  };
  /** the answer to what is asked while the part is not there */
  const instead = (request: Pick<HttpRequest, 'method' | 'url'>, step: 'connect' | 'headers') =>
    status === null ? none(request.url, step) : edge(request);
  const line = ({ method, url }: Pick<HttpRequest, 'method' | 'url'>) => `${method} ${new URL(url).pathname}`;
  const falls = fell.then(() => 'cut' as const);

  const bend = (outside: Outside): Outside => ({
    http: {
      ...outside.http,
      async send(request) {
        const began = pass(line(request));
        if (gone(request.url, began)) {
          if (outage?.way === 'lost' && began) {
            await outside.http.send(request).catch(() => {});
            return none(request.url, 'headers');
          }
          return instead(request, 'connect');
        }
        const work = outside.http.send(request);
        if (over || !hit(request.url)) return work;
        const first = await Promise.race([work, falls]);
        if (first !== 'cut') return first;
        work.catch(() => {});
        return instead(request, 'headers');
      },
      async open(request) {
        const began = pass(line(request));
        const { url } = request;
        if (gone(url, began)) {
          if (outage?.way === 'lost' && began) {
            await outside.http.open(request).then(
              ({ close }) => close(),
              () => {},
            );
            return none(url, 'headers');
          }
          return whole(instead(request, 'connect'));
        }
        const work = outside.http.open(request);
        if (over || !hit(url)) return work;
        const first = await Promise.race([work, falls]);
        if (first === 'cut') {
          work.then(
            ({ close }) => close(),
            () => {},
          );
          return whole(instead(request, 'headers'));
        }
        return { ...first, body: body(first) };
      },
    },
    sockets: {
      ...outside.sockets,
      async open(request) {
        const { url } = request;
        const began = pass(`WS ${new URL(url).pathname}`);
        const refused = () => {
          if (status === null) return none(url, 'connect');
          lost += 1;
          return turnedAway(status);
        };
        if (gone(url, began)) {
          if (outage?.way === 'lost' && began)
            await outside.sockets.open(request).then(
              (one) => one.close(),
              () => {},
            );
          return refused();
        }
        const work = outside.sockets.open(request);
        if (over || !hit(url)) return work;
        const first = await Promise.race([work, falls]);
        if (first !== 'cut') return first.status === 101 ? opened(first) : first;
        work.then(
          (one) => one.close(),
          () => {},
        );
        return refused();
      },
    },
    net: {
      ...outside.net,
      async wire(url, signal) {
        const began = pass(`WIRE ${new URL(url).pathname}`);
        if (gone(url, began)) {
          if (status === null) return none(url, 'connect');
          lost += 1;
          return answered(`HTTP/1.1 ${status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
        }
        const wire = await outside.net.wire(url, signal);
        return over || !hit(url) ? wire : wired(wire);
      },
      async tls(url, newest, signal) {
        const began = pass(`TLS ${new URL(url).host}`);
        return gone(url, began) ? none(url, 'connect') : outside.net.tls(url, newest, signal);
      },
    },
  });

  async function* body({ url, body: chunks, close }: Opening) {
    const each = chunks[Symbol.asyncIterator]();
    try {
      while (true) {
        const next = await Promise.race([each.next(), falls]);
        if (next === 'cut') return none(url, 'body');
        if (next.done === true) return;
        if (pass('a piece of a stream')) return none(url, 'body');
        yield next.value;
      }
    } finally {
      close();
    }
  }

  function opened(socket: Socket): Socket {
    const code = { 502: 1006, 503: 1001, 500: 1011 }[status ?? 502] ?? 1006;
    let done = false;
    const real = socket.closed().then((how) => {
      done = true;
      return how;
    });
    const ended = falls.then(() => {
      if (done) return real;
      done = true;
      lost += 1;
      void socket.close();
      return { code, reason: '' };
    });
    async function* messages() {
      const each = socket.messages()[Symbol.asyncIterator]();
      while (true) {
        const next = await Promise.race([each.next(), falls]);
        if (next === 'cut' || next.done === true || pass('a message of a socket')) return;
        yield next.value;
      }
    }
    const heard = messages();
    return {
      status: socket.status,
      protocol: socket.protocol,
      messages: () => heard,
      closed: () => Promise.race([real, ended]),
      send: (text) => pass('a message to a socket') || over || socket.send(text),
      ping: () => over || socket.ping(),
      close: () => {
        const cutBefore = done;
        done = true;
        return cutBefore ? Promise.resolve() : socket.close();
      },
    };
  }

  function wired(wire: Wire): Wire {
    let done = false;
    void falls.then(() => {
      if (done) return;
      lost += 1;
      wire.close();
    });
    return {
      ...wire,
      close: () => {
        done = true;
        wire.close();
      },
      send: (bytes) => void (pass('bytes to a wire') || over || wire.send(bytes)),
      until: (enough, ms) => {
        pass('a wait on a wire');
        return wire.until(enough, ms);
      },
    };
  }

  const timer: World['timer'] = (ms, callback) => {
    if (ms >= waits.from && ms < waits.to) pass(`a wait of ${ms} ms`);
    return real.timer(ms, callback);
  };
  return {
    world: { ...bend(real), timer, through: (passage) => bend(real.through(passage)) },
    places,
    lost: () => lost,
  };
}
