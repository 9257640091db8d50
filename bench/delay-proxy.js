// A TCP proxy that keeps each chunk for so many milliseconds, half on either way. Arguments: port upstream, milliseconds.
// Prints its port.
import { connect, createServer } from 'node:net';

const [upstreamPort, delay] = process.argv.slice(2).map(Number);

/** Chunks keep their order: timers of equal length do. */
const pass = (from, to) => {
  from.on('data', (bytes) => setTimeout(() => to.write(bytes), delay / 2));
  from.on('close', () => setTimeout(() => to.destroy(), delay));
  from.on('error', () => to.destroy());
};

const server = createServer({ noDelay: true }, (client) => {
  const upstream = connect({ host: 'localhost', port: upstreamPort, noDelay: true });
  pass(client, upstream);
  pass(upstream, client);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
