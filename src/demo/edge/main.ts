import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, type ServerOptions, type Server as TlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { live } from '../child.js';
import { patience } from '../http.js';
import { fault } from '../planted.js';
import { openAccessLog } from './access-log.js';
import { makeCache } from './cache.js';
import { makeCa } from './certificate.js';
import { proxy } from './proxy.js';
import { slowLine } from './wire.js';

/** The edge of the demo: one public origin in front of the auth servers and the APIs, on a line that may be slow. */
await live(async ({ folder, edge }, listening) => {
  if (edge === null) throw new Error('it was not told what it stands in front of');
  mkdirSync(join(folder, 'edge'), { mode: 0o700, recursive: true });
  const options = { ...edge, cache: makeCache(edge.basePath), log: openAccessLog(folder) };
  const plain = createServer(patience);
  proxy(plain, options);
  let front: Server | TcpServer = plain;
  if (edge.tls) {
    const encrypted = createTlsServer({ ...patience, ...certificates(folder) });
    proxy(encrypted, options);
    front = byFirstByte(encrypted, plain);
  }
  if (edge.wire === null) {
    front.listen(listening);
    return {};
  }
  await new Promise<void>((ready) => front.listen(0, '127.0.0.1', ready));
  slowLine(edge.wire, (front.address() as AddressInfo).port).listen(listening);
  return {};
});

/** One certificate for the page's host, one for those that come by address, as a host for sockets of its own does. */
function certificates(folder: string): ServerOptions {
  const authority = makeCa(Date.now());
  writeFileSync(join(folder, 'edge', 'ca.pem'), authority.ca, { mode: 0o644 });
  const page = authority.issue(['localhost', '::1', '127.0.0.1']);
  // whoever asks for an address names nobody in the hello, and gets what is there for all others
  const others = fault('F218') ? authority.issue(['sockets.example.invalid']) : page;
  return { ...others, SNICallback: (_name, done) => done(null, createSecureContext(page)) };
}

/** A TLS hello goes to the one server; anything else on the port for https is told so, as nginx does. */
function byFirstByte(encrypted: TlsServer, plain: Server): TcpServer {
  return createTcpServer((socket: Socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      if (first[0] === 0x16) encrypted.emit('connection', socket);
      else if (fault('F219')) plain.emit('connection', socket.resume());
      else socket.end('HTTP/1.1 400 The plain HTTP request was sent to HTTPS port\r\nconnection: close\r\n\r\n');
    });
  });
}
