import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Wire } from './plan.js';

/** What a lost chunk waits for: a retransmission timeout of TCP (RFC 6298 2.4 wants a second, systems take less). */
const retransmission = 250;

/**
 * A line in front of a port on loopback on which bytes take their time, each way, in order. Closing is as late as the
 * last byte; a reset comes through at once, as the packet that overtakes does.
 */
export function slowLine(wire: Wire, port: number): Server {
  return createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    const server = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
    pass(wire, client, server);
    pass(wire, server, client);
  });
}

function pass(wire: Wire, from: Socket, to: Socket): void {
  let free = 0;
  const later = (act: () => void) => {
    // never before what was sent earlier
    free = Math.max(free, performance.now() + delay(wire));
    setTimeout(act, free - performance.now());
  };
  from.on('data', (bytes: Buffer) => later(() => void to.write(bytes)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => to.destroy());
  from.on('close', () => later(() => to.destroy()));
}

function delay({ latency, jitter, loss }: Wire): number {
  const lost = Math.random() * 100 < loss ? retransmission : 0;
  return Math.max(0, latency + (Math.random() * 2 - 1) * jitter) + lost;
}
