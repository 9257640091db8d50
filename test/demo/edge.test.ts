import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/demo/contract.js';
import { startDemo } from '../../src/demo/demo.js';
import { makeCache } from '../../src/demo/edge/cache.js';
import { makeCa } from '../../src/demo/edge/certificate.js';
import { proxy } from '../../src/demo/edge/proxy.js';
import { slowLine } from '../../src/demo/edge/wire.js';
import { realWorld } from '../../src/io/world.js';
import { main } from '../../src/main.js';
import { agentFor, ask, hear, introduce, signIn } from '../support/raw-demo.js';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((closed) => server.close(closed));
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return (server.address() as AddressInfo).port;
}

describe('the CA of the edge', () => {
  const authority = makeCa(Date.now());
  const { cert } = authority.issue(['localhost', '127.0.0.1', '::1', 'fe80::1:2']);
  const leaf = new X509Certificate(cert);

  test('is one, and has signed the certificate', () => {
    const ca = new X509Certificate(authority.ca);
    expect([ca.ca, leaf.ca, leaf.checkIssued(ca), leaf.verify(ca.publicKey)]).toEqual([true, false, true, true]);
    expect(leaf.verify(new X509Certificate(makeCa(Date.now()).ca).publicKey)).toBe(false);
  });

  test('names hosts and addresses, and nobody else', () => {
    expect(leaf.checkHost('localhost')).toBe('localhost');
    expect(['127.0.0.1', '::1', 'fe80::1:2'].map((ip) => leaf.checkIP(ip))).toEqual(['127.0.0.1', '::1', 'fe80::1:2']);
    expect([leaf.checkHost('localhost.example'), leaf.checkIP('127.0.0.2')]).toEqual([undefined, undefined]);
  });

  test('is valid now', () => {
    expect(Date.parse(leaf.validFrom)).toBeLessThan(Date.now());
    expect(Date.parse(leaf.validTo) - Date.now()).toBeGreaterThan(30 * 86_400_000);
  });
});

describe('a slow line', () => {
  test('keeps the order of what it carries, both ways, and the end comes last', async () => {
    const echo = createTcpServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
    const line = slowLine({ latency: 3, jitter: 3, loss: 2 }, await listening(echo));
    const socket = connect({ host: '127.0.0.1', port: await listening(line), allowHalfOpen: true, noDelay: true });
    let heard = '';
    socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
    let sent = '';
    for (let n = 0; n < 200; n++) {
      sent += `${n} `;
      socket.write(`${n} `);
      await new Promise((soon) => setImmediate(soon));
    }
    socket.end();
    await new Promise((ended) => socket.on('close', ended));
    expect(heard).toBe(sent);
  });

  test('takes its time', async () => {
    const echo = createTcpServer((socket) => socket.pipe(socket));
    const line = slowLine({ latency: 60, jitter: 0, loss: 0 }, await listening(echo));
    const socket = connect(await listening(line), '127.0.0.1');
    const began = performance.now();
    socket.write('x');
    await new Promise((heard) => socket.once('data', heard));
    expect(performance.now() - began).toBeGreaterThan(115);
    socket.destroy();
  });
});

describe('what the edge tells the servers behind it', () => {
  async function seenThrough(headers: Record<string, string>, path = '/x'): Promise<IncomingMessage['headers']> {
    let seen: IncomingMessage['headers'] = {};
    const behind = createServer((request, response) => {
      seen = { ...request.headers, 'x-path': request.url };
      response.end();
    });
    const url = `http://127.0.0.1:${await listening(behind)}`;
    const edge = createServer();
    proxy(edge, {
      auth: ['http://127.0.0.1:9'],
      api: [url],
      origin: 'http://edge.test',
      basePath: '/api/auth',
      tls: true,
      idle: 60,
      cache: makeCache('/api/auth'),
      log() {},
    });
    await ask('GET', `http://127.0.0.1:${await listening(edge)}${path}`, {
      headers: { connection: 'close', ...headers },
    });
    edge.closeAllConnections();
    behind.closeAllConnections();
    return seen;
  }

  test('is who the client is, after what the client says', async () => {
    expect((await seenThrough({}))['x-forwarded-for']).toBe('127.0.0.1');
    expect((await seenThrough({ 'x-forwarded-for': '203.0.113.7' }))['x-forwarded-for']).toBe('203.0.113.7, 127.0.0.1');
  });

  test('is the scheme, the host and the origin, and the path with its query', async () => {
    expect(await seenThrough({ origin: 'http://elsewhere.test' }, '/x?a=b%20c')).toMatchObject({
      'x-forwarded-proto': 'https',
      origin: 'http://elsewhere.test',
      'x-path': '/x?a=b%20c',
    });
  });
});

describe('a deployment behind an edge with TLS, two replicas and a slow line', () => {
  let demo: Demo;
  beforeAll(async () => {
    const edge = { tls: true, replicas: true, wire: { latency: 2, jitter: 2, loss: 0 } };
    demo = await startDemo({ trust: 'jwks', socketAuth: 'query', faults: [], edge });
  });
  afterAll(() => demo?.stop());

  test('has one origin, cookies that say so, and sockets that open', async () => {
    expect(new URL(demo.page).protocol).toBe('https:');
    expect([new URL(demo.auth).host, new URL(demo.api).host]).toEqual(Array(2).fill(new URL(demo.page).host));
    const a = await signIn(demo, 'a');
    expect(a.cookie).toMatch(/^__Secure-/);
    const answers = [];
    for (let n = 0; n < 4; n++) answers.push((await a.api('GET', '/api/me')).json.id);
    expect(answers).toEqual(Array(4).fill(a.userId));
    const ca = readFileSync(demo.caFile ?? '', 'utf8');
    const heard = await hear({ ...introduce(demo, 'query', await a.token()), ca, until: 'ready' });
    expect(heard.messages[0]).toContain('ready');
    expect((await hear({ ...introduce(demo, 'query', 'rubbish'), ca })).closed?.code).toBe(4401);
  });

  test('is checked with the CA that its settings, a flag or a variable names, and not without', async () => {
    const check = async (args: string[], env: Record<string, string> = {}) => {
      const printed: string[] = [];
      const sink = { isTTY: false, columns: 80, rows: 24 };
      const world = {
        ...realWorld(),
        cwd: demo.folder,
        env: {
          LOCKSTEP_A_PASSWORD: demo.users.a.password.reveal(),
          LOCKSTEP_B_PASSWORD: demo.users.b.password.reveal(),
          ...env,
        },
        stdout: { ...sink, write: (text: string) => void printed.push(text) },
        stderr: { ...sink, write: () => {} },
      };
      const code = await main(['check', 'session/login', 'ws/connects-after-auth', '--json', ...args], world);
      return { code, out: printed.join('') };
    };
    const bare = join(demo.folder, 'bare.json');
    const settings = JSON.parse(readFileSync(demo.configFile, 'utf8'));
    delete settings.targets.local.caFile;
    writeFileSync(bare, JSON.stringify(settings));
    expect(await check([])).toMatchObject({ code: 0 });
    expect(await check(['--config', bare, '--ca-file', 'edge/ca.pem'])).toMatchObject({ code: 0 });
    expect(await check(['--config', bare], { LOCKSTEP_CA_FILE: 'edge/ca.pem' })).toMatchObject({ code: 0 });
    const untold = await check(['--config', bare]);
    expect(untold.code).toBe(3);
    expect(untold.out).toContain('the TLS connection is not trusted');
    expect((await check(['--ca-file', 'lockstep.json'])).code).toBe(2);
    expect((await check(['--ca-file', 'nowhere.pem'])).code).toBe(2);
    const off = await check([], { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect([off.code, JSON.parse(off.out).error.code]).toEqual([2, 'tls-unverified']);
  });

  test('is trusted by nobody who was not told', async () => {
    await expect(ask('GET', `${demo.api}/health`)).rejects.toThrow();
    expect((await ask('GET', `${demo.api}/health`, { agent: agentFor(demo) })).status).toBe(200);
  });

  test('has a server of every kind twice, and a log without tokens', () => {
    expect(Object.keys(demo.services).sort()).toEqual(['api', 'api-2', 'auth', 'auth-2', 'database', 'edge']);
    const log = readFileSync(join(demo.folder, 'edge', 'access.log'), 'utf8');
    expect(log).toContain('GET /api/me" 200');
    expect(log).not.toContain('token=');
  });
});

const sixth = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === '::1');

// skipped where the machine has no IPv6
test.skipIf(!sixth)('a deployment at an IPv6 address and under another base path is one too', async () => {
  const demo = await startDemo({
    trust: 'jwks',
    socketAuth: 'query',
    faults: [],
    basePath: '/auth',
    edge: { tls: true, host: '[::1]' },
  });
  try {
    expect(demo.auth).toMatch(/^https:\/\/\[::1\]:\d+\/auth$/);
    const a = await signIn(demo, 'a');
    expect((await a.api('GET', '/api/me')).json.id).toBe(a.userId);
  } finally {
    await demo.stop();
  }
});
