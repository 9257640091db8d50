import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy that cuts connections after so many bytes of the answer, and that can go away and come back. */
export class CutProxy {
  port = 0;
  /** the most connections that it carried at one time */
  most = 0;
  cuts = 0;
  /** how many bytes the next connection may carry back; Infinity leaves it whole */
  budget: () => number = () => Number.POSITIVE_INFINITY;
  readonly #upstream: { readonly host: string; readonly port: number };
  readonly #open = new Set<Socket>();
  #server: Server | null = null;

  constructor(base: string) {
    const { hostname, port } = new URL(base);
    this.#upstream = { host: hostname, port: Number(port) };
  }

  get carrying(): number {
    return this.#open.size;
  }

  async up(): Promise<void> {
    const server = createServer((client) => this.#carry(client));
    this.#server = server;
    await new Promise<void>((listening, failed) => {
      server.once('error', failed);
      server.listen(this.port, '127.0.0.1', listening);
    });
    this.port = (server.address() as AddressInfo).port;
  }

  async down(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    for (const socket of this.#open) socket.resetAndDestroy();
    await new Promise((closed) => (server ? server.close(closed) : closed(undefined)));
  }

  #carry(client: Socket): void {
    this.#open.add(client);
    this.most = Math.max(this.most, this.#open.size);
    const upstream = connect(this.#upstream);
    let left = this.budget();
    const over = () => {
      this.#open.delete(client);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on('error', over);
    client.on('close', over);
    // what has been written still arrives
    upstream.on('close', () => client.end(over));
    client.on('data', (bytes) => upstream.write(bytes));
    upstream.on('data', (bytes) => {
      client.write(bytes.subarray(0, Math.max(0, left)));
      left -= bytes.length;
      if (left > 0) return;
      this.cuts++;
      upstream.destroy();
    });
  }
}
