import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { ConnectionOptions, SecureContext, TLSSocket } from 'node:tls';
import type { Resolve } from './addresses.js';
import { createNames, guardedLookup, isAddress, lookupIn, refuseAddress } from './addresses.js';
import type { Env } from './proxy.js';
import { ready, unless } from './ready.js';

/** Where a connection leads. `host` without brackets. */
export interface Place {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
}

/** How the outside is reached. */
export interface DialOptions {
  /** authorities in PEM that are trusted beside those of Node; null for none */
  readonly ca?: string | null;
  /** the keys that servers may have, each the SHA-256 of a SubjectPublicKeyInfo in base64; none: any trusted one */
  readonly pins?: readonly string[];
  /** the environment whose proxies are used; null: none is, whatever the environment says */
  readonly proxies?: Env | null;
  /** the name service */
  readonly resolve?: Resolve;
  /** for TCP and TLS together */
  readonly connectMs: number;
}

/** The one door for connections: HTTP, sockets and bare wires all go through it. Throws errors with a `code`. */
export interface Dial {
  /**
   * TCP, and TLS over it where the place says so: verified, 1.2 at least. `anew`: the name service is asked, so that one
   * that leads to another machine each time may do so
   */
  open(place: Place, anew?: boolean): Promise<Socket>;
  /** TCP alone, or a tunnel through the proxy */
  plain(place: Place): Promise<Socket>;
  /** what `tls.connect` needs to know beside the socket */
  trust(place: Place): Promise<ConnectionOptions>;
  /** ends what has not come about yet */
  close(): void;
}

class ConnectTimeout extends Error {
  readonly code = 'LOCKSTEP_CONNECT_TIMEOUT';
}

/** Of a URL that was checked: one with a user in it is refused, because it hides where it leads (`http://good@evil`). */
export function placeOf(url: string): Place {
  const { protocol, hostname, port, username, password } = new URL(url);
  if (username !== '' || password !== '') throw Object.assign(new Error(), { code: 'LOCKSTEP_USERINFO' });
  const secure = protocol === 'https:' || protocol === 'wss:';
  return { secure, host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (secure ? 443 : 80)) };
}

export function createDial({ ca = null, pins = [], proxies = null, resolve, connectMs }: DialOptions): Dial {
  const addresses = createNames(resolve);
  const ending = new AbortController();
  // many connections come about at once
  setMaxListeners(0, ending.signal);
  let context: SecureContext | undefined;

  /** within `connectMs` and before the end of everything */
  const timed = async <T extends Socket>(begin: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const cut = new AbortController();
    const timer = setTimeout(() => cut.abort(new ConnectTimeout()), connectMs);
    const end = () => cut.abort(ending.signal.reason);
    ending.signal.addEventListener('abort', end, { once: true });
    try {
      if (ending.signal.aborted) throw ending.signal.reason;
      return await begin(cut.signal);
    } catch (error) {
      throw cut.signal.aborted ? cut.signal.reason : error;
    } finally {
      clearTimeout(timer);
      ending.signal.removeEventListener('abort', end);
    }
  };

  const tcp = async (place: Place, signal: AbortSignal, anew = false): Promise<Socket> => {
    const { host, port } = place;
    refuseAddress(host);
    if (proxies !== null) {
      const { proxyFor, tunnel } = await import('./proxy.js');
      const proxy = proxyFor(proxies, place);
      if (proxy !== null) return tunnel(proxy, place, guardedLookup(resolve), signal);
    }
    if (isAddress(host)) return ready(connect({ host, port }), 'connect', signal);
    const found = await unless(signal, addresses(host, anew));
    const [only] = found;
    // several are tried as they come, by Node
    const way = found.length === 1 && only ? { host: only.address, port } : { host, port, lookup: lookupIn(found) };
    return ready(connect(way), 'connect', signal);
  };

  const trust = async ({ host }: Place): Promise<ConnectionOptions> => {
    const { createSecureContext, rootCertificates, ...tls } = await import('node:tls');
    // Node's own list alone where nothing is added to it: that has NODE_EXTRA_CA_CERTS in it on every version
    const known = 'getCACertificates' in tls ? (tls.getCACertificates as () => string[]) : () => rootCertificates;
    context ??= createSecureContext({ minVersion: 'TLSv1.2', ...(ca === null ? {} : { ca: [...known(), ca] }) });
    // a name is said to the server (RFC 6066 3), an address never; said here, NODE_TLS_REJECT_UNAUTHORIZED is not asked
    return {
      host,
      ...(isAddress(host) ? {} : { servername: host }),
      secureContext: context,
      rejectUnauthorized: true,
    };
  };

  return {
    plain: (place) => timed((signal) => tcp(place, signal)),
    open: (place, anew) =>
      timed(async (signal) => {
        const socket = await tcp(place, signal, anew);
        if (!place.secure) return socket;
        const { connect: secure } = await import('node:tls');
        const options = { ...(await trust(place)), socket, ALPNProtocols: ['http/1.1'] };
        return pinned(await ready(secure(options), 'secureConnect', signal), pins);
      }),
    trust,
    close: () => ending.abort(Object.assign(new Error(), { code: 'ABORT_ERR' })),
  };
}

/** The connection, where its server has one of the keys; else it is ended before anything is sent over it. */
async function pinned(socket: TLSSocket, pins: readonly string[]): Promise<TLSSocket> {
  if (pins.length === 0) return socket;
  const { otherKey } = await import('./pins.js');
  const other = otherKey(socket, pins);
  if (other === null) return socket;
  socket.destroy();
  throw other;
}
