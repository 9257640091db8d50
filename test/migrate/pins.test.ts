import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeCa } from '../../src/demo/edge/certificate.js';
import { deployment, email, type Hostile } from '../hostile/deployment.js';
import { run } from '../hostile/run.js';
import { unhurried } from '../support/awake.js';
import { describeWithPostgres, type Postgres, startPostgres } from '../support/postgres.js';

const authority = makeCa(Date.now());
const issued = authority.issue(['localhost']);
const pinOf = (pem: string) =>
  createHash('sha256')
    .update(new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
const own = `sha256/${pinOf(issued.cert)}`;
const other = `sha256/${pinOf(authority.issue(['localhost']).cert)}`;

interface Heard {
  bytes: number;
}

/** A way to a PostgreSQL over TCP that speaks TLS, as PostgreSQL begins it, or refuses to; counts what is said over it. */
async function front(socket: string, speaksTls: boolean) {
  // each connection counts for whoever asks when it comes: the goodbye of an earlier one is late
  const asks = { heard: { bytes: 0 } };
  const held = new Set<Socket>();
  const carry = (near: Socket, heard: Heard) => {
    const far = connect(socket);
    near.on('data', ({ length }: Buffer) => {
      heard.bytes += length;
    });
    for (const each of [near, far]) each.on('error', () => {});
    near.once('close', () => far.destroy());
    near.pipe(far).pipe(near);
  };
  const server = createServer((plain) => {
    held.add(plain);
    plain.on('error', () => {});
    const { heard } = asks;
    plain.once('data', (first: Buffer) => {
      // SSLRequest
      if (first.length === 8 && first.readInt32BE(4) === 80_877_103) {
        plain.write(speaksTls ? 'S' : 'N');
        return carry(speaksTls ? new TLSSocket(plain, { isServer: true, ...issued }) : plain, heard);
      }
      carry(plain, heard);
      plain.unshift(first);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    for (const plain of held) plain.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, asks, close };
}

describeWithPostgres('the key of a PostgreSQL', () => {
  let postgres: Postgres;
  let folder: string;
  let healthy: Hostile;
  let tls: Awaited<ReturnType<typeof front>>;
  let clear: Awaited<ReturnType<typeof front>>;
  beforeAll(async () => {
    postgres = await startPostgres();
    folder = mkdtempSync(join(tmpdir(), 'lockstep-database-pins-'));
    writeFileSync(join(folder, 'ca.pem'), authority.ca);
    healthy = await deployment({});
    const target = { auth: `http://127.0.0.1:${healthy.port}`, database: 'env:DATABASE_URL' };
    writeFileSync(join(folder, 'local.json'), JSON.stringify({ targets: { local: target } }));
    const socket = join(new URL(postgres.url).searchParams.get('host') ?? '', '.s.PGSQL.5432');
    tls = await front(socket, true);
    clear = await front(socket, false);
  });
  afterAll(async () => {
    await Promise.all([tls.close(), clear.close(), healthy.stop()]);
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** a command against the database, and how many bytes it said to it */
  async function said(query: string, args: readonly string[], { port, asks } = tls) {
    const heard = { bytes: 0 };
    asks.heard = heard;
    const url = `postgresql://postgres:a-password@localhost:${port}/postgres?${query}`;
    const ran = await run(
      args,
      {
        env: {
          DATABASE_URL: url,
          A_SECRET: 'a-secret-of-nobody',
          LOCKSTEP_A_EMAIL: email,
          LOCKSTEP_A_PASSWORD: 'a-password-of-the-corpus',
        },
        cwd: folder,
      },
      { limits: unhurried },
    );
    return { ...ran, text: ran.out + ran.err, bytes: heard.bytes };
  }
  const trusted = () => `sslmode=verify-full&sslrootcert=${encodeURIComponent(join(folder, 'ca.pem'))}`;

  it('is held against those that were named, by every command, before a byte is sent', async () => {
    for (const line of [
      ['migrate', 'status'],
      ['migrate', 'up', '--yes'],
      ['migrate', 'drift', '--json'],
      ['token', 'verify', '--database', '--allow-argv', 'e30.e30.c2ln'],
      ['token', 'which', '--database', '/nowhere'],
      ['token', 'mint', '--database', '--sub', 'ada'],
      ['diagnose', '--database-url-env', 'DATABASE_URL'],
      ['check', 'secret/jwks-decrypts', '--config', 'local.json', '--secret-env', 'A_SECRET'],
    ]) {
      const { code, text, bytes } = await said(trusted(), [...line, '--expect-spki', other]);
      expect([line.join(' '), code, bytes], text).toEqual([line.join(' '), 3, 0]);
      expect(text).toContain(`the server has the key ${own}, which is none of --expect-spki`);
    }
  });

  it('is no matter where it is one of them', async () => {
    const { code, text, bytes } = await said(trusted(), [
      'migrate',
      'status',
      '--expect-spki',
      other,
      '--expect-spki',
      own,
    ]);
    expect(code, text).toBe(4);
    expect(bytes).toBeGreaterThan(0);
  });

  it('stands beside the authority, unless the URL asks for none', async () => {
    const untrusted = await said('sslmode=verify-full', ['migrate', 'status', '--expect-spki', own]);
    expect([untrusted.code, untrusted.bytes, untrusted.text]).toEqual([2, 0, expect.stringContaining('not trusted')]);
    const known = await said('sslmode=no-verify', ['migrate', 'status', '--expect-spki', own]);
    expect(known.code, known.text).toBe(4);
    const stranger = await said('sslmode=no-verify', ['migrate', 'status', '--expect-spki', other]);
    expect([stranger.code, stranger.bytes]).toEqual([3, 0]);
  });

  it('has to be shown: no fall-back to a connection without TLS, and none that was never asked for', async () => {
    const without = await said('sslmode=prefer', ['migrate', 'status'], clear);
    expect(without.code, without.text).toBe(4);
    const stripped = await said('sslmode=prefer', ['migrate', 'status', '--expect-spki', own], clear);
    expect([stripped.code, stripped.bytes]).toEqual([2, 0]);
    expect(stripped.text).toContain('does not speak TLS');
    for (const query of ['', 'sslmode=disable']) {
      const none = await said(query, ['migrate', 'status', '--expect-spki', own], clear);
      expect([none.code, none.bytes]).toEqual([2, 0]);
      expect(none.text).toContain('nothing would be held against it');
    }
  });
});
