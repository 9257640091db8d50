import { createConnection, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dumpOf, migrate } from '../support/migrate.js';
import { describeWithPostgres, type Postgres, startPostgres } from '../support/postgres.js';

/** Counts how often the client speaks after the server did: what each of them costs on a far database. */
async function counting(socket: string): Promise<{ port: number; trips(): number; server: Server }> {
  let trips = 0;
  const server = createServer((client) => {
    // the handshake of TCP
    trips += 1;
    let asking = false;
    const upstream = createConnection(`${socket}/.s.PGSQL.5432`);
    client.on('data', (bytes) => {
      // X: goodbye, which nobody waits for
      if (!asking && bytes[0] !== 0x58) trips += 1;
      asking = true;
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      asking = false;
      client.write(bytes);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as { port: number }).port, trips: () => trips };
}

describeWithPostgres('round trips of migrate', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  async function trips(url: string, ...args: string[]): Promise<{ n: number; code: number }> {
    const { pathname, searchParams } = new URL(url);
    const counter = await counting(searchParams.get('host') ?? '');
    const { code } = await migrate(`postgresql://postgres@127.0.0.1:${counter.port}${pathname}`, args);
    counter.server.close();
    return { n: counter.trips(), code };
  }

  test('5 on an empty database, 3 where there is nothing to do, TCP and authentication included', async () => {
    const url = await postgres.database();
    expect(await trips(url, 'up', '--yes')).toEqual({ n: 5, code: 0 });
    expect(await trips(url, 'up', '--yes')).toEqual({ n: 3, code: 0 });
    expect(await trips(url, 'status')).toEqual({ n: 3, code: 0 });
    expect(await trips(url, 'drift')).toEqual({ n: 4, code: 0 });
    const whole = await postgres.database();
    await migrate(whole, ['up', '--yes']);
    expect(dumpOf(postgres, url)).toBe(dumpOf(postgres, whole));
  });
});
