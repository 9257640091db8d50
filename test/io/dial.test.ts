import { createHash, X509Certificate } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { Secret } from '../../src/core/secret.js';
import { makeCa } from '../../src/demo/edge/certificate.js';
import { placeOf } from '../../src/io/dial.js';
import { fleeting } from '../../src/io/journal/fleeting.js';
import type { OutsideOptions } from '../../src/io/outside.js';
import { proxyFor } from '../../src/io/proxy.js';
import { createWorkspace } from '../../src/io/workspace.js';
import { realWorld } from '../../src/io/world.js';
import { main } from '../../src/main.js';
import type { KeptJournal } from '../../src/world.js';
import { unhurried } from '../support/awake.js';
import { fakeWorld } from '../support/fake-world.js';

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

async function listening(server: Server): Promise<number> {
  const held = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    held.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(() => {
    for (const socket of held) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Answers everything over HTTP, and takes sockets. */
async function served(): Promise<{ port: number; requests: string[] }> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.end('{}');
  });
  new WebSocketServer({ server }).on('connection', (socket) => socket.send('hello'));
  return { port: await listening(server), requests };
}

function outside(options: OutsideOptions = {}) {
  const world = realWorld(undefined, { limits: unhurried, ...options });
  opened.push(() => void world.http.close());
  return world;
}

const never = new AbortController().signal;
setMaxListeners(0, never);
/** What each of the three ways to the outside says of a URL: null where it came through. */
async function ways(options: OutsideOptions, url: string): Promise<(string | null)[]> {
  const { http, sockets, net } = outside(options);
  const said = (error: Error) => error.message.replaceAll(/^\S+: /g, '');
  return Promise.all([
    http.send({ method: 'GET', url, headers: {} }).then(() => null, said),
    sockets
      .open({ url: url.replace('http', 'ws'), protocols: [], headers: {} })
      .then((socket) => socket.close())
      .then(() => null, said),
    net
      .wire(url, never)
      .then((wire) => wire.close())
      .then(() => null, said),
  ]);
}

const toAll = (...addresses: string[]): OutsideOptions => ({
  resolve: (_, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    ),
});
const metadata = Array(3).fill('this is an address of cloud metadata, to which nothing is ever sent');
const abroad = Array(3).fill('the name is one of this machine or a private network, and leads elsewhere');

describe('an address', () => {
  it.each([
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '169.254.1',
    '[::ffff:169.254.169.254]',
    '[::ffff:a9fe:a9fe]',
    '[64:ff9b::a9fe:a9fe]',
    '[fd00:ec2::254]',
  ])('%s is that of cloud metadata', async (host) => {
    expect(await ways({}, `http://${host}:9/`)).toEqual(metadata);
  });

  it.each([['169.254.169.254'], ['127.0.0.1', '169.254.169.254'], ['::ffff:169.254.169.254'], ['fd00:ec2::254']])(
    'is judged after the name was resolved: %s',
    async (...addresses) => {
      expect(await ways(toAll(...addresses), 'http://app.example.com:9/')).toEqual(metadata);
    },
  );

  it.each([
    ['localhost', '93.184.216.34'],
    ['localhost', '10.0.0.1'],
    ['app.localhost', '10.0.0.1'],
    ['LOCALHOST.', '93.184.216.34'],
    ['app.test', '93.184.216.34'],
    ['printer.local', '2606:2800:220:1:248:1893:25c8:1946'],
    ['host.docker.internal', '::ffff:93.184.216.34'],
  ])('of the private name %s is private: %s is not', async (name, address) => {
    expect(await ways(toAll(address), `http://${name}:9/`)).toEqual(abroad);
  });

  it('that is among others, and abroad, refuses them all', async () => {
    expect(await ways(toAll('127.0.0.1', '93.184.216.34'), 'http://localhost:9/')).toEqual(abroad);
  });

  it('is the one that was judged: a name that turns after that leads nowhere else', async () => {
    const { port, requests } = await served();
    const answers = ['127.0.0.1', '93.184.216.34', '93.184.216.34'];
    const resolve: OutsideOptions['resolve'] = (_, done) =>
      done(null, [{ address: answers.shift() ?? '93.184.216.34', family: 4 }]);
    const { http } = outside({ resolve });
    const get = (fresh: boolean) =>
      http.send({ method: 'GET', url: `http://app.localhost:${port}/x`, headers: {}, fresh });
    expect((await get(false)).status).toBe(200);
    await expect(get(true)).rejects.toThrow('leads elsewhere');
    expect(requests).toHaveLength(1);
  });

  it('of a private name on a private network, and of a public name anywhere, is let through', async () => {
    const { port } = await served();
    for (const name of ['localhost', 'a.localhost', 'app.test', 'x.local', 'app.example.com'])
      expect(await ways(toAll('127.0.0.1'), `http://${name}:${port}/`)).toEqual([null, null, null]);
  });

  it('behind a user name is not looked for', async () => {
    expect(await ways({}, 'http://localhost:x@127.0.0.1:9/')).toEqual(
      Array(3).fill('a URL with a user name in it is not followed'),
    );
  });
});

describe('TLS', () => {
  const authority = makeCa(Date.now());
  async function secured(names: string[], versions: object = {}): Promise<number> {
    const { createServer: createHttps } = await import('node:https');
    const server = createHttps({ ...authority.issue(names), ...versions }, (_, response) => void response.end('{}'));
    new WebSocketServer({ server });
    server.on('tlsClientError', () => {});
    return listening(server as unknown as Server);
  }

  const pinOf = (pem: string) =>
    createHash('sha256')
      .update(new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64');
  /** counts what was sent to it, over HTTP or as a handshake of a socket */
  async function answering(issued: { readonly key: string; readonly cert: string }) {
    const { createServer: createHttps } = await import('node:https');
    const requests: string[] = [];
    const server = createHttps(issued, (request, response) => {
      requests.push(request.url ?? '');
      response.end('{}');
    });
    server.on('tlsClientError', () => {}).on('upgrade', (request) => requests.push(request.url ?? ''));
    new WebSocketServer({ server });
    return { port: await listening(server as unknown as Server), requests };
  }

  it('is trusted by whom the CA is given, on every way', async () => {
    const port = await secured(['localhost', '127.0.0.1']);
    for (const host of ['localhost', '127.0.0.1']) {
      expect(await ways({ ca: authority.ca }, `https://${host}:${port}/`)).toEqual([null, null, null]);
      for (const said of await ways({}, `https://${host}:${port}/`)) expect(said).toContain('is not trusted');
    }
    const trace = await outside({ ca: authority.ca }).net.tls(`https://localhost:${port}/`, null, never);
    expect(trace).toMatchObject({ untrusted: null, fault: null });
    expect((await outside().net.tls(`https://localhost:${port}/`, null, never)).untrusted).not.toBeNull();
  });

  it('under another name, or under another CA, is not', async () => {
    const port = await secured(['elsewhere.test']);
    for (const said of await ways({ ca: authority.ca }, `https://localhost:${port}/`))
      expect(said).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
    const other = makeCa(Date.now()).ca;
    for (const said of await ways({ ca: other }, `https://localhost:${await secured(['localhost'])}/`))
      expect(said).toContain('is not trusted');
  });

  it('is held against the keys that were named, on every way, and beside the CA', async () => {
    const issued = authority.issue(['localhost']);
    const pin = pinOf(issued.cert);
    const { port, requests } = await answering(issued);
    const url = `https://localhost:${port}/`;
    const other = pinOf(authority.issue(['localhost']).cert);
    expect(await ways({ ca: authority.ca, pins: [other, pin] }, url)).toEqual([null, null, null]);
    const heard = requests.length;
    expect(heard).toBeGreaterThan(1);
    for (const said of await ways({ ca: authority.ca, pins: [other] }, url))
      expect(said).toBe(`the server has the key sha256/${pin}, which is none of --expect-spki`);
    // a pin is no substitute for an authority, nor one of an authority for that of the server
    for (const said of await ways({ pins: [pin] }, url)) expect(said).toContain('is not trusted');
    for (const said of await ways({ ca: authority.ca, pins: [pinOf(authority.ca)] }, url))
      expect(said).toContain('none of --expect-spki');
    expect(requests).toHaveLength(heard);
    // where there is no TLS there is no key
    const plain = await served();
    expect(await ways({ pins: [other] }, `http://127.0.0.1:${plain.port}/`)).toEqual([null, null, null]);
  });

  it('is held against them by a command, which says what it saw', async () => {
    const issued = authority.issue(['localhost']);
    const { port, requests } = await answering(issued);
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-pin-'));
    opened.push(() => rmSync(folder, { recursive: true, force: true }));
    const ca = join(folder, 'ca.pem');
    writeFileSync(ca, authority.ca);
    const pin = pinOf(authority.issue(['localhost']).cert);
    const user = { email: 'x@example.invalid', password: new Secret('a-password'), keys: [] };
    const place = { name: 'local', auth: `https://localhost:${port}/api/auth`, api: null, tokenRoute: '/token' };
    const kept: KeptJournal = {
      file: 'a-run',
      live: false,
      reading: {
        run: 'a-run',
        at: 0,
        writer: { host: 'here', pid: 1, start: null },
        place,
        open: [{ n: 1, at: 0, made: { kind: 'user', ...user }, answered: true, path: null, remains: null }],
      },
      journal: await fleeting.open('a-run', place),
      forget: async () => {},
    };
    const run = async (...args: string[]) => {
      const world = fakeWorld({ env: { LOCKSTEP_A_EMAIL: 'a@example.com', LOCKSTEP_A_PASSWORD: 'a-password' } });
      const { http, files, through } = outside();
      const code = await main(args, {
        ...world,
        http,
        through,
        files,
        journals: { ...fleeting, all: async () => [kept] },
        workspace: createWorkspace(() => 0, never),
        cwd: folder,
      });
      return { code, said: world.out() + world.err() };
    };
    const at = ['--auth', `https://localhost:${port}`, '--ca-file', ca];
    const jwks = ['--jwks', `https://localhost:${port}/api/auth/jwks`, '--ca-file', ca];
    for (const line of [
      ['token', 'fetch', '--no-input', ...at],
      ['token', 'verify', '--allow-argv', 'e30.e30.c2ln', ...at],
      ['token', 'verify', '--allow-argv', 'e30.e30.c2ln', ...jwks],
      ['token', 'which', '/nowhere', ...at],
      ['token', 'which', '/nowhere', ...jwks],
      ['diagnose', '--no-database', ...at],
      ['check', 'session/login', ...at],
      ['cleanup', ...at],
    ]) {
      const { code, said } = await run(...line, '--expect-spki', `sha256/${pin}`);
      expect({ code, said }).toEqual({ code: 3, said: expect.stringContaining(`sha256/${pinOf(issued.cert)}`) });
    }
    expect(requests).toEqual([]);
    // the control: by the right key the same command gets through to the server
    const through = await run('token', 'fetch', '--no-input', ...at, '--expect-spki', `sha256//${pinOf(issued.cert)}`);
    expect(through.said).not.toContain('sha256/');
    expect(requests).not.toEqual([]);
    requests.length = 0;
    const right = ['--expect-spki', `sha256/${pinOf(issued.cert)}`];
    for (const line of [
      ['token', 'verify', '--allow-argv', 'e30.e30.c2ln', ...jwks],
      ['cleanup', ...at],
    ]) {
      expect((await run(...line, ...right)).said).not.toContain('sha256/');
      expect(requests.splice(0)).not.toEqual([]);
    }
    const bad = await run('token', 'fetch', '--no-input', ...at, '--expect-spki', 'sha256/abc');
    expect(bad).toEqual({ code: 2, said: expect.stringContaining('44 characters of base64') });
    for (const line of [
      ['check', '--auth', 'http://localhost:1'],
      ['token', 'fetch', '--auth', 'http://localhost:1', '--no-input'],
      ['token', 'verify', '--jwks', 'http://localhost:1/jwks', '--allow-argv', 'e30.e30.c2ln'],
      ['token', 'verify', '--secret-env', 'LOCKSTEP_A_PASSWORD', '--allow-argv', 'e30.e30.c2ln'],
      ['token', 'which', '--secret-env', 'LOCKSTEP_A_PASSWORD', '/nowhere'],
      ['diagnose', '--offline', '--no-database', '--auth', `https://localhost:${port}`],
    ]) {
      const bare = await run(...line, '--expect-spki', `sha256/${pin}`);
      expect(bare).toEqual({ code: 2, said: expect.stringContaining('nothing would be held against it') });
    }
  });

  it('below 1.2 is not spoken', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' };
    const port = await secured(['localhost'], old);
    for (const said of await ways({ ca: authority.ca }, `https://localhost:${port}/`)) expect(said).not.toBeNull();
    // it is the version: a look that allows it comes through
    const trace = await outside({ ca: authority.ca }).net.tls(`https://localhost:${port}/`, 'TLSv1.1', never);
    expect(trace.version).toBe('TLSv1.1');
  });

  it('is verified though the environment says otherwise', async () => {
    const port = await secured(['localhost']);
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      for (const said of await ways({}, `https://localhost:${port}/`)) expect(said).toContain('is not trusted');
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
  });
});

describe('a proxy', () => {
  async function proxied(status = 200): Promise<{ port: number; asked: string[] }> {
    const asked: string[] = [];
    const server = createTcpServer((socket) => {
      socket.once('data', (head) => {
        const [, to = ''] = /^CONNECT (\S+) /.exec(String(head)) ?? [];
        asked.push(`${to} ${/proxy-authorization: (.*)\r/i.exec(String(head))?.[1] ?? ''}`.trim());
        if (status !== 200) return void socket.end(`HTTP/1.1 ${status} no\r\n\r\n`);
        const on = connect(Number(to.split(':').at(-1)), '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 ok\r\n\r\n');
          socket.pipe(on).pipe(socket);
        });
        on.on('error', () => socket.destroy());
      });
    });
    return { port: await listening(server), asked };
  }

  it('of the environment is passed over', async () => {
    const [{ port }, proxy] = await Promise.all([served(), proxied()]);
    const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
    for (const name of names) process.env[name] = name.startsWith('NODE') ? '1' : `http://127.0.0.1:${proxy.port}`;
    try {
      expect(await ways({}, `http://127.0.0.1:${port}/`)).toEqual([null, null, null]);
    } finally {
      for (const name of names) delete process.env[name];
    }
    expect(proxy.asked).toEqual([]);
  });

  it('that is asked for carries every way, and resolves names itself', async () => {
    const [{ port }, proxy] = await Promise.all([served(), proxied()]);
    const proxies = { HTTP_PROXY: `http://who:s%3Acret@127.0.0.1:${proxy.port}` };
    expect(await ways({ proxies }, `http://nowhere.example:${port}/`)).toEqual([null, null, null]);
    const basic = Buffer.from('who:s:cret').toString('base64');
    expect(proxy.asked).toEqual(Array(3).fill(`nowhere.example:${port} Basic ${basic}`));
  });

  it('that refuses, or is not there, is said', async () => {
    const { port } = await proxied(403);
    const said = await ways({ proxies: { http_proxy: `127.0.0.1:${port}` } }, 'http://nowhere.example/');
    expect(said).toEqual(Array(3).fill('the proxy makes no connection to it'));
    const gone = await ways({ proxies: { http_proxy: 'http://127.0.0.1:1' } }, 'http://nowhere.example/');
    expect(gone).toEqual(Array(3).fill('connection refused: nothing listens there'));
  });

  it.each([
    [{ HTTP_PROXY: 'http://p:1' }, 'http://a.example/', 'http://p:1/'],
    [{ HTTPS_PROXY: 'http://p:1' }, 'http://a.example/', null],
    [{ HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://q:1' }, 'wss://a.example/', 'http://p:1/'],
    [{ HTTP_PROXY: 'http://p:1', NO_PROXY: 'example' }, 'http://a.example/', null],
    [{ HTTP_PROXY: 'http://p:1', NO_PROXY: 'b.example, .a.example' }, 'http://x.a.example/', null],
    [{ HTTP_PROXY: 'http://p:1', NO_PROXY: 'a.example:81' }, 'http://a.example/', 'http://p:1/'],
    [{ HTTP_PROXY: 'http://p:1', no_proxy: 'ample' }, 'http://a.example/', 'http://p:1/'],
    [{ HTTP_PROXY: 'http://p:1', NO_PROXY: '*' }, 'http://a.example/', null],
    [{ HTTP_PROXY: 'http://[' }, 'http://a.example/', null],
  ])('%j for %s is %s', (env, url, proxy) => {
    expect(proxyFor(env, placeOf(url))?.href ?? null).toBe(proxy);
  });
});
