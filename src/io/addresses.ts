import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns';
import type { LookupFunction, NetConnectOpts } from 'node:net';
import { BlockList, isIPv4, Socket } from 'node:net';
import { isLoopbackName, isPrivateName, privateNets } from '../core/host.js';

/** Asks the name service; `dns.lookup`, or what a test has in its place. */
export type Resolve = (name: string, done: (error: Error | null, found: readonly LookupAddress[]) => void) => void;

const family = (address: string) => (address.includes(':') ? 'ipv6' : 'ipv4');

function listOf(nets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of nets) list.addSubnet(net, prefix, family(net));
  return list;
}

// the addresses of clouds that hand out credentials to whoever asks from inside; 64:ff9b::/96 is IPv4 by NAT64
const metadata = listOf([
  ['169.254.0.0', 16],
  ['64:ff9b::a9fe:0', 112],
  ['fd00:ec2::254', 128],
]);
const loopback = listOf([
  ['127.0.0.0', 8],
  ['::1', 128],
]);
const near = listOf(privateNets);

class RefusedAddress extends Error {
  readonly code: 'LOCKSTEP_METADATA' | 'LOCKSTEP_ABROAD';
  constructor(code: RefusedAddress['code']) {
    super();
    this.code = code;
  }
}

/**
 * Null, or why nothing may be sent to this address under this name. A name that counts as this machine, or as a private
 * network, has been trusted with more than a public one: it must lead there (DNS rebinding).
 */
function refusal(name: string, address: string): RefusedAddress | null {
  if (metadata.check(address, family(address))) return new RefusedAddress('LOCKSTEP_METADATA');
  const held = isLoopbackName(name) ? loopback : isPrivateName(name) ? near : null;
  return held === null || held.check(address, family(address)) ? null : new RefusedAddress('LOCKSTEP_ABROAD');
}

/** A host that is no name; without brackets. Only an address of IPv6 has colons: Node 20 takes 4 ms to look closer. */
export function isAddress(host: string): boolean {
  return host.includes(':') || isIPv4(host);
}

/** Throws where a host is written as an address that is refused. `host` as `URL.hostname` gives it. */
export function refuseAddress(host: string): void {
  const bare = host.replace(/^\[|\]$/g, '');
  const refused = isAddress(bare) ? refusal('', bare) : null;
  if (refused !== null) throw refused;
}

/**
 * What a connection resolves its name with: it goes to an address that was judged here, and to no other. One address
 * that is refused among several refuses them all.
 */
export function guardedLookup(resolve: Resolve = everyAddress): LookupFunction {
  return (name, options, callback) =>
    resolve(name, (error, found) => {
      const wrong = error ?? wrongAmong(name, found);
      if (wrong === null) lookupIn(found)(name, options, callback);
      else callback(wrong, '', 0);
    });
}

/** Gives these, whatever the name: all of them, or the first where Node was told to try no other. */
export function lookupIn(found: readonly LookupAddress[]): LookupFunction {
  return (_, { all }, callback) => {
    const [first] = found;
    if (first === undefined) callback(notFound(), '', 0);
    else if (all === true) callback(null, [...found]);
    else callback(null, first.address, first.family);
  };
}

function wrongAmong(name: string, found: readonly LookupAddress[]): Error | null {
  if (found.length === 0) return notFound();
  return found.map(({ address }) => refusal(name, address)).find((each) => each !== null) ?? null;
}

/** Milliseconds for which the only address of a name is used again: as long as the burst of connections that ask for it. */
const keptMs = 2_000;

/**
 * The judged addresses of a name; rejects as `guardedLookup` does. Of several, somebody may mean the one that comes first
 * this time, so those of this machine apart they are asked for each time, and all are where it is to be `anew`.
 */
export function createNames(resolve: Resolve = everyAddress) {
  const kept = new Map<string, readonly LookupAddress[]>();
  return async (name: string, anew: boolean): Promise<readonly LookupAddress[]> => {
    const known = anew ? undefined : kept.get(name);
    if (known !== undefined) return known;
    const found = await new Promise<readonly LookupAddress[]>((done, fail) => {
      resolve(name, (error, addresses) => {
        const wrong = error ?? wrongAmong(name, addresses);
        if (wrong === null) done(addresses);
        else fail(wrong);
      });
    });
    if (found.length === 1 || isLoopbackName(name)) {
      kept.set(name, found);
      setTimeout(() => kept.delete(name), keptMs).unref();
    }
    return found;
  };
}

/** A library that reads in a listener throws there at what it cannot read: the socket ends by it, not the process. */
export function shield<T extends Socket>(socket: T): T {
  const emit = socket.emit.bind(socket) as (...all: unknown[]) => boolean;
  socket.emit = ((event: string, ...rest: unknown[]) => {
    try {
      return emit(event, ...rest);
    } catch (error) {
      if (event !== 'data') throw error;
      socket.destroy(Object.assign(new Error(), { code: 'LOCKSTEP_UNREADABLE' }));
      return true;
    }
  }) as T['emit'];
  return socket;
}

/** A socket that connects to judged addresses alone, for a library that connects by itself. */
export function guardedStream(): Socket {
  const socket = shield(new Socket());
  const connect = socket.connect.bind(socket) as (options: NetConnectOpts) => Socket;
  socket.connect = ((port: number | string, host?: string) => {
    if (typeof port === 'string') return connect({ path: port });
    try {
      refuseAddress(host ?? '');
    } catch (error) {
      return socket.destroy(error as Error);
    }
    return connect({ port, host, lookup: guardedLookup() });
  }) as Socket['connect'];
  return socket;
}

function everyAddress(name: string, done: Parameters<Resolve>[1]): void {
  lookup(name, { all: true }, (error, found) => done(error, error === null ? found : []));
}

function notFound(): Error {
  return Object.assign(new Error(), { code: 'ENOTFOUND' });
}
