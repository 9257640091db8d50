import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Secret } from '../../core/secret.js';
import type { World } from '../../world.js';
import { guardedStream, shield } from '../addresses.js';
import type { Stream } from './bounded.js';
import { asking, bounded, connecting } from './bounded.js';
import { Client } from './driver.js';
import { failure, mayCome } from './failure.js';
import { type Address, readUrl, type SslMode } from './url.js';

/** One connection, on which one statement after the other is sent. Nothing is prepared: poolers share sessions. */
export interface Db {
  /** the database in words, without secrets: `app on localhost:5432 as ada` */
  readonly place: string;
  /** sends statements in one message, which takes one round trip; resolves to the rows of each, within `ms`: a minute */
  send(sql: string, ms?: number): Promise<readonly (readonly Record<string, unknown>[])[]>;
}

export interface OpenOptions {
  /** how the connection shows in pg_stat_activity */
  readonly application: string;
  /** where the URL was written */
  readonly source: string;
  /** how long to wait for a server that is starting */
  readonly waitMs: number;
  readonly world: DbWorld;
}

/** What of the world a connection heeds. */
export type DbWorld = Pick<World, 'monotonic' | 'timer' | 'interrupted' | 'pins'>;

const pauseMs = 250;

/** Opens, hands over, closes. Whatever goes wrong with the database is thrown as a LockstepError without secrets in it. */
export async function usingDb<T>(url: Secret, options: OpenOptions, use: (db: Db) => Promise<T>): Promise<T> {
  const { world } = options;
  const address = readUrl(url, options.source);
  const place = inWords(address);
  const client = await opened(address, place, options);
  const cut = () => client.connection.stream.destroy();
  if (world.interrupted.aborted) cut();
  world.interrupted.addEventListener('abort', cut, { once: true });
  try {
    return await use({
      place,
      async send(sql, ms = asking.ms) {
        const asked = bounded(() => client.connection.stream, { ...asking, ms }, client.query(sql));
        const results = (await asked) as unknown as Answer | Answer[];
        return (Array.isArray(results) ? results : [results]).map(({ rows }) => rows);
      },
    });
  } catch (error) {
    throw failure(error, place);
  } finally {
    world.interrupted.removeEventListener('abort', cut);
    // says goodbye and does not wait for the answer: that would be one more round trip
    client.end().catch(() => {});
    client.connection.stream.unref();
  }
}

interface Answer {
  readonly rows: Record<string, unknown>[];
}

type Opened = InstanceType<typeof Client> & {
  readonly connection: { readonly stream: Stream & Socket; once(event: 'sslconnect', listener: () => void): unknown };
};
async function opened(address: Address, place: string, { application, waitMs, world }: OpenOptions): Promise<Opened> {
  const end = world.monotonic() + waitMs;
  let mode = address.tls.mode;
  for (;;) {
    try {
      return await connect(address, application, mode, world.pins);
    } catch (error) {
      const known = failure(error, place);
      // without TLS there would be no key to hold against the pins
      if (known.code === 'no-tls' && (mode === 'prefer' || mode === 'allow') && world.pins.length === 0) {
        mode = 'disable';
        continue;
      }
      if (!mayCome(known) || world.monotonic() >= end || world.interrupted.aborted) throw known;
      await new Promise<void>((resolve) => world.timer(pauseMs, resolve));
    }
  }
}

async function connect(address: Address, application: string, mode: SslMode, pins: readonly string[]): Promise<Opened> {
  const { host, port, user, password, database, options } = address;
  const client = new Client({
    host,
    port,
    application_name: application,
    stream: guardedStream,
    ssl: tls(address, mode),
    keepAlive: true,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    ...(options === undefined ? {} : { options }),
  }) as Opened;
  // a connection that is lost while nobody waits: the next statement tells
  client.on('error', () => {});
  const { otherKey } = pins.length === 0 ? { otherKey: null } : await import('../pins.js');
  client.connection.once('sslconnect', () => {
    const stream = shield(client.connection.stream) as Socket as TLSSocket;
    if (otherKey === null) return;
    // in the turn in which the handshake is done: what pg has written meanwhile waits for it, and goes with the connection
    stream.once('secureConnect', () => {
      const other = otherKey(stream, pins);
      if (other !== null) stream.destroy(other);
    });
  });
  const stranger = new Promise<never>((_, reject) => {
    client.connection.stream.prependOnceListener('data', (bytes: Buffer) => {
      if (!speaksPostgres(bytes[0]))
        reject(Object.assign(new Error('not PostgreSQL'), { code: 'LOCKSTEP_NOT_POSTGRES' }));
    });
  });
  try {
    const signedOn = Promise.race([client.connect(), stranger]);
    await bounded(() => client.connection.stream, connecting, signedOn);
    return client;
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  }
}

/** The first byte of a server: Authentication, Error, Notice or NegotiateProtocolVersion, or S or N about TLS. */
function speaksPostgres(byte: number | undefined): boolean {
  return byte !== undefined && 'RENSv'.includes(String.fromCharCode(byte));
}

/** As the driver of Better Auth has it: whatever asks for TLS gets a server that proves who it is. */
function tls({ host, tls: { rootCert, cert, key } }: Address, mode: SslMode) {
  if (mode === 'disable' || host.startsWith('/')) return false;
  return {
    rejectUnauthorized: mode !== 'no-verify',
    ...(mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
    ...(rootCert === undefined || rootCert === 'system' ? {} : { ca: readFileSync(rootCert, 'utf8') }),
    ...(cert === undefined ? {} : { cert: readFileSync(cert, 'utf8') }),
    ...(key === undefined ? {} : { key: readFileSync(key, 'utf8') }),
  };
}

function inWords({ host, port, user, database }: Address): string {
  const at = host.startsWith('/') ? `socket ${host}` : `${host}:${port}`;
  const name = database ?? user;
  return `${name === undefined ? 'database' : `database ${name}`} on ${at}${user === undefined ? '' : ` as ${user}`}`;
}
