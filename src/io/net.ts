import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { connect as connectPlain } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Unreachable } from '../core/errors.js';
import type { TlsTrace, Wire } from '../core/probe.js';
import type { Net } from '../world.js';

const connectMs = 5_000;
const mostBytes = 1_048_576;

/** What lies below HTTP: bytes, TLS handshakes, and a listener of our own. */
export const net: Net = {
  async wire(url, signal) {
    const { secure, host, port } = placeOf(url);
    const socket = secure
      ? connectTls({ host, port, ...sni(host), ALPNProtocols: ['http/1.1'] })
      : connectPlain({ host, port });
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
    await opened(socket, secure ? 'secureConnect' : 'connect', url);
    return wireOf(socket);
  },

  tls: (url, newest, signal) =>
    new Promise((resolve, reject) => {
      const { host, port } = placeOf(url);
      // looked at, never trusted: the verdict of the chain is what is asked, and nothing is sent
      const socket = connectTls({
        host,
        port,
        ...sni(host),
        rejectUnauthorized: false,
        ...(newest === null ? {} : { maxVersion: newest, minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }),
      });
      signal.addEventListener('abort', () => socket.destroy(), { once: true });
      let reached = false;
      socket.setTimeout(connectMs, () => socket.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })));
      socket.once('connect', () => {
        reached = true;
      });
      socket.once('secureConnect', () => {
        const until = Date.parse(socket.getPeerCertificate().valid_to);
        resolve({
          version: socket.getProtocol(),
          fault: null,
          untrusted: socket.authorized ? null : codeOf(socket.authorizationError),
          notAfter: Number.isNaN(until) ? null : until,
        });
        socket.destroy();
      });
      socket.once('error', (error) => {
        if (reached) resolve(refusedBy(codeOf(error)));
        else reject(new Unreachable(url, 'connect', `no connection (${codeOf(error)})`));
      });
      socket.once('close', () => (reached ? resolve(refusedBy('closed')) : undefined));
    }),

  listen: (document, signal) =>
    new Promise((resolve) => {
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
    }),
};

function placeOf(url: string): { secure: boolean; host: string; port: number } {
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === 'https:' || protocol === 'wss:';
  return { secure, host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (secure ? 443 : 80)) };
}

/** A name is said to the server (RFC 6066 3), an address never. */
function sni(host: string): { servername?: string } {
  return /^[\d.]+$|:/.test(host) ? {} : { servername: host };
}

function opened(socket: Socket, event: 'connect' | 'secureConnect', url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })), connectMs);
    socket.once(event, () => {
      clearTimeout(timer);
      resolve();
    });
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(new Unreachable(url, 'connect', `no connection (${codeOf(error)})`));
    });
    // after the handshake an error is an end like any other
    socket.on('error', () => {});
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

function codeOf(error: unknown): string {
  const { code } = Object(error) as { code?: unknown };
  return typeof code === 'string' ? code : typeof error === 'string' ? error : 'unknown';
}
