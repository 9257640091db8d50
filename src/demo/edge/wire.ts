import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Wire } from './plan.js';

/** What a lost chunk waits for: a retransmission timeout of TCP (RFC 6298 2.4 wants a second, systems take less). */
const retransmission = 250;

/**
 * A line in front of a port on loopback on which bytes take their time, each way, in order. An end and a reset come after
 * what was sent before.
 */
export function slowLine(wire: Wire, port: number): Server {
  return createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    const server = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
    pass(wire, client, server);
    pass(wire, server, client);
  });
}

function pass(wire: Wire, from: Socket, to: Socket): void {
  // timers of different lengths that end in the same millisecond may fire in any order: one at a time
  const waiting: { readonly due: number; readonly act: () => void }[] = [];
  const arrive = () => {
    while ((waiting[0]?.due ?? Number.POSITIVE_INFINITY) <= performance.now()) waiting.shift()?.act();
    if (waiting[0] !== undefined) setTimeout(arrive, waiting[0].due - performance.now());
  };
  const later = (act: () => void) => {
    waiting.push({ due: performance.now() + delay(wire), act });
    if (waiting.length === 1) arrive();
  };
  from.on('data', (bytes: Buffer) => later(() => void to.write(bytes)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => {});
  // an end has been passed on; a reset arrives after what was sent before it
  from.on('close', () => from.readableEnded || later(() => to.destroy()));
}

function delay({ latency, jitter, loss }: Wire): number {
  const lost = Math.random() * 100 < loss ? retransmission : 0;
  return Math.max(0, latency + (Math.random() * 2 - 1) * jitter) + lost;
}
