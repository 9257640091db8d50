import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { connect as connectTls } from 'node:tls';
import type { Listener, TlsTrace, TlsVersion, Wire } from '../core/probe.js';
import type { Net } from '../world.js';
import type { Dial } from './dial.js';
import { placeOf } from './dial.js';
import type { Limits } from './limits.js';
import { codeOf, unreachable } from './unreachable.js';

const mostBytes = 1_048_576;

/** What lies below HTTP: bytes, TLS handshakes, and a listener of our own. */
export function createNet(dial: Dial, bounds: Limits): Net {
  return {
    async wire(url, signal) {
      try {
        const socket = await dial.open(placeOf(url));
        return wireOf(until(signal, socket));
      } catch (error) {
        throw unreachable(url, 'connect', error, bounds);
      }
    },
    async tls(url, newest, signal) {
      try {
        const place = placeOf(url);
        const socket = await dial.plain(place);
        return await handshake(until(signal, socket), await dial.trust(place), newest, bounds.connectMs);
      } catch (error) {
        throw unreachable(url, 'connect', error, bounds);
      }
    },
    listen,
  };
}

/** The socket, gone when the signal is aborted. */
function until(signal: AbortSignal, socket: Socket): Socket {
  const end = () => void socket.destroy();
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return socket;
}

/** Looked at, never trusted: the verdict on the chain is what is asked, and nothing is sent. */
function handshake(line: Socket, trust: ConnectionOptions, newest: TlsVersion | null, ms: number): Promise<TlsTrace> {
  return new Promise((resolve) => {
    const { secureContext, ...name } = trust;
    const socket = connectTls({
      ...name,
      socket: line,
      rejectUnauthorized: false,
      // those of an old version are not those of the verified way
      ...(newest === null
        ? { secureContext }
        : { maxVersion: newest, minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }),
    });
    // by the clock, not by silence: a server may drip
    const timer = setTimeout(() => socket.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })), ms);
    const settle = (trace: TlsTrace) => {
      clearTimeout(timer);
      resolve(trace);
    };
    socket.once('secureConnect', () => {
      const ends = Date.parse(socket.getPeerCertificate().valid_to);
      settle({
        version: socket.getProtocol(),
        fault: null,
        untrusted: socket.authorized ? null : faultOf(socket.authorizationError),
        notAfter: Number.isNaN(ends) ? null : ends,
      });
      socket.destroy();
    });
    socket.on('error', (error) => settle(refusedBy(codeOf(error))));
    socket.once('close', () => settle(refusedBy('closed')));
  });
}

function faultOf(error: unknown): string {
  return typeof error === 'string' ? error : codeOf(error);
}

function listen(document: unknown, signal: AbortSignal): Promise<Listener> {
  return new Promise((resolve) => {
    const listener = { url: '', hits: 0 };
    const server = createServer((_, response) => {
      listener.hits += 1;
      response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
    });
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      listener.url = `http://127.0.0.1:${port}/`;
      resolve(listener);
    });
    const end = () => {
      server.close();
      server.closeAllConnections();
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

function wireOf(socket: Socket): Wire {
  let received = Buffer.alloc(0);
  let ended = false;
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const each of waiting) each();
  };
  socket.on('data', (bytes: Buffer) => {
    if (received.length < mostBytes) received = Buffer.concat([received, bytes]);
    wake();
  });
  socket.once('close', () => {
    ended = true;
    wake();
  });
  return {
    send: (bytes) => void (socket.writable && socket.write(bytes)),
    received: () => received,
    until: (enough, ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => settle('waited'), ms);
        const settle = (how: 'enough' | 'ended' | 'waited') => {
          clearTimeout(timer);
          waiting.delete(look);
          resolve(how);
        };
        const look = () => {
          if (enough(received)) settle('enough');
          else if (ended) settle('ended');
        };
        waiting.add(look);
        look();
      }),
    close: () => void socket.destroy(),
  };
}

function refusedBy(fault: string): TlsTrace {
  return { version: null, fault, untrusted: null, notAfter: null };
}
