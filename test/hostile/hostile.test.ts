import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visible } from '../../src/core/visible.js';
import { makeCa } from '../../src/demo/edge/certificate.js';
import type { World } from '../../src/world.js';
import { unhurried } from '../support/awake.js';
import { workflowCommandOf } from '../support/workflow-command.js';
import type { Act, Hostile } from './deployment.js';
import { answer, bare, deployment, drip, endless, frame, jwtOf, upgrade } from './deployment.js';
import { bodies, overHttp } from './http.js';
import type { Ran } from './run.js';
import { checks, commands, run } from './run.js';
import { overSockets } from './sockets.js';

let state = '';
const before = process.env.LOCKSTEP_STATE_DIR;
beforeAll(() => {
  state = mkdtempSync(join(tmpdir(), 'lockstep-hostile-'));
  process.env.LOCKSTEP_STATE_DIR = state;
});
afterAll(() => {
  // nothing is on record: nobody was signed up
  expect(readdirSync(state)).toEqual([]);
  rmSync(state, { recursive: true, force: true });
  if (before === undefined) delete process.env.LOCKSTEP_STATE_DIR;
  else process.env.LOCKSTEP_STATE_DIR = before;
});

/** Nothing but text leaves: no control character, nothing that hides or turns round, no command for a CI server. */
function expectTame({ out, err }: Ran): void {
  for (const text of [out, err]) {
    expect(visible(text.replaceAll(/[\n\t]/g, '')), 'a byte that is no text').toBe(text.replaceAll(/[\n\t]/g, ''));
    expect(text.split('\n').flatMap((line) => workflowCommandOf(line) ?? [])).toEqual([]);
  }
}

const message = (type: string, body: Uint8Array | string) => {
  const bytes = Buffer.from(body as string);
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(bytes.length + 4, 1);
  return Buffer.concat([head, bytes]);
};
/** A PostgreSQL lets somebody in, and says something by the way. */
const ready = Buffer.concat([message('R', '\0\0\0\0'), message('Z', 'I')]);
const notice = message('N', 'SNOTICE\0Mwait\0\0');

interface Expected {
  readonly codes: readonly number[];
  readonly lines: readonly (readonly string[])[];
}

async function met(hostile: Hostile, { codes, lines }: Expected): Promise<void> {
  try {
    const ran = await Promise.all(lines.map((args) => run(args)));
    for (const [n, each] of ran.entries()) {
      const said = `${lines[n]?.slice(0, 2).join(' ')}: ${each.out}${each.err}`;
      expect(codes, said).toContain(each.code);
      expectTame(each);
      if (lines[n]?.includes('--json') === true) JSON.parse(each.out);
    }
    // every connection is given up
    await hostile.left();
  } finally {
    await hostile.stop();
  }
}

const notGood = [1, 3];

describe('a control', () => {
  it('the deployment of the corpus is healthy, so that what follows is met where it stands', async () => {
    const healthy = await deployment({});
    const ran = await Promise.all(checks(healthy.port).map((args) => run(args, {}, { limits: unhurried })));
    await healthy.stop();
    expect(ran.map(({ code, out }) => (code === 0 ? 0 : out))).toEqual([0, 0]);
  });
});

describe('a deadline', () => {
  const hour = 3_600_000;
  const why = 'cut by the deadline of the run (--deadline 1m17s)';
  /**
   * A deployment one of whose routes drips for ever, that of the token unless said. The deadline is over when it is asked, on whatever machine, and not before
   * this has been printed.
   */
  async function cut(
    line: (port: number) => readonly string[],
    { after = '', at = '/api/auth/token' } = {},
  ): Promise<Ran> {
    let over = () => {};
    let asked = false;
    let printed = '';
    const due = () => {
      if (asked && printed.includes(after)) over();
    };
    const slow = await deployment({
      [`GET ${at}`]: (socket) => {
        drip(socket, 'HTTP/1.1 100 Continue\r\n\r\n');
        asked = true;
        due();
      },
    });
    const ran = await run(
      [...line(slow.port), '--deadline', '77s'],
      {
        timer: waiting((end) => {
          over = end;
        }),
        stdout: {
          isTTY: false,
          columns: 80,
          rows: 24,
          write(text) {
            printed += text;
            due();
          },
        },
      },
      { limits: unhurried },
    );
    await slow.left();
    await slow.stop();
    return { ...ran, out: printed };
  }
  const waiting =
    (hand: (over: () => void) => void): World['timer'] =>
    (ms, callback) => {
      if (ms === 77_000) hand(callback);
      const timer = setTimeout(callback, hour);
      return () => clearTimeout(timer);
    };

  it('ends a run whose deployment keeps every limit of its own and never ends', async () => {
    const { code, out } = await cut((port) => [...(checks(port)[1] ?? []), '--ndjson'], {
      after: '"verdict":"pass"',
    });
    expect(code, out).toBe(3);
    const events: Record<string, string>[] = out
      .trimEnd()
      .split('\n')
      .map((event) => JSON.parse(event));
    const verdicts = events.map(({ check, verdict, because }) => [check, verdict, because]);
    expect(verdicts).toContainEqual(['session/login', 'pass', undefined]);
    expect(verdicts).toContainEqual(['token/fetch', 'inconclusive', why]);
    expect(verdicts).toContainEqual(['ws/connects-after-auth', 'skip', expect.stringContaining('needs token/fetch')]);
  });

  it('ends token fetch, which has nothing to print then', async () => {
    const { code, out, err } = await cut((port) => [
      'token',
      'fetch',
      '--auth',
      `http://127.0.0.1:${port}`,
      '--no-input',
    ]);
    expect({ code, out, err }).toEqual({ code: 3, out: '', err: `lockstep: ${why}\n` });
  });

  it.each([
    ['token', 'verify', '--allow-argv', 'e30.e30.c2ln'],
    ['token', 'which', '/nowhere'],
  ])('ends %s %s, which have no key then', async (...args) => {
    for (const where of ['--auth', '--jwks']) {
      const { code, out, err } = await cut(
        (port) => [...args, where, `http://127.0.0.1:${port}${where === '--jwks' ? '/api/auth/jwks' : ''}`],
        { at: '/api/auth/jwks' },
      );
      expect({ code, out, err }).toEqual({ code: 3, out: '', err: `lockstep: ${why}\n` });
    }
  });

  it('ends token which at tokens that never end, after it has answered those that came', async () => {
    let over = () => {};
    const stdin = {
      isTTY: false,
      async *chunks(until: AbortSignal) {
        yield 'e30.e30.c2ln\ne30.';
        const cut = new Promise((_, reject) => until.addEventListener('abort', () => reject(new Error('cut'))));
        over();
        await cut;
      },
    };
    const timer = waiting((end) => {
      over = end;
    });
    const line = ['token', 'which', '--secret-env', 'A_SECRET', '--json', '--deadline', '77s', '-'];
    const env = { A_SECRET: 'a-secret-that-signed-nothing-here' };
    const { code, out, err } = await run(line, { stdin, timer, env });
    expect({ code, err }).toEqual({ code: 1, err: `${why}\n` });
    expect(JSON.parse(out)).toMatchObject({ line: 1 });
  });

  it('ends diagnose, which judges what it has seen until then', async () => {
    const at = (port: number) => ['--auth', `http://127.0.0.1:${port}`, '--api', `http://127.0.0.1:${port}`];
    const { code, out, err } = await cut((port) => [
      'diagnose',
      ...at(port),
      '--json',
      '--no-database',
      '--replicas',
      '0',
    ]);
    expect([code, err]).toEqual([3, expect.stringContaining(why)]);
    expect(JSON.parse(out)).toMatchObject({ command: 'diagnose', outcome: 'unfinished' });
  });

  it.each([
    ['migrate', 'status', '--wait', '5s'],
    ['migrate', 'up', '--yes', '--json', '--wait', '5s'],
    ['token', 'verify', '--database', '--allow-argv', 'e30.e30.c2ln'],
    ['token', 'which', '--database', '/nowhere'],
    ['token', 'mint', '--database', '--sub', 'ada'],
  ])('ends %s %s on a database that lets in and then drips', async (...args) => {
    let over = () => {};
    const hostile = await bare((socket) => {
      socket.once('data', () => {
        socket.write(ready);
        socket.once('data', () => {
          drip(socket, notice);
          over();
        });
      });
    });
    const { code, out, err } = await run([...args, '--deadline', '77s'], {
      env: { DATABASE_URL: `postgres://user@127.0.0.1:${hostile.port}/db` },
      timer: (ms, callback) => {
        // the time that was allowed for a database that is starting counts beside
        if (ms === (args[0] === 'migrate' ? 82_000 : 77_000)) over = callback;
        const timer = setTimeout(callback, hour);
        return () => clearTimeout(timer);
      },
    });
    await hostile.left();
    await hostile.stop();
    expect(code).toBe(3);
    expect(out + err).toContain(why);
    if (args[0] === 'migrate') expect(out + err).toContain('lockstep migrate status');
    else expect(out).toBe('');
  });

  it.each(['0', '0s', '25h', '-1s', 'soon', ''])('of %j is none', async (text) => {
    const url = 'http://127.0.0.1:9';
    const env = { DATABASE_URL: 'postgres://user@127.0.0.1:9/db' };
    for (const line of [
      ['check', '--auth', url],
      ['token', 'fetch', '--auth', url, '--no-input'],
      ['diagnose', '--auth', url],
      ['token', 'verify', '--jwks', `${url}/jwks`, '--allow-argv', 'e30.e30.c2ln'],
      ['token', 'which', '--jwks', `${url}/jwks`, '/nowhere'],
      ['token', 'mint', '--database', '--sub', 'ada'],
      ['migrate', 'status'],
      ['cleanup'],
    ]) {
      const { code, err } = await run([...line, '--deadline', text], { env });
      expect([code, err]).toEqual([2, expect.stringContaining('--deadline')]);
    }
  });
});

describe.concurrent('a server that', () => {
  it.each(Object.entries(overHttp))('%s', async (_, act) => {
    const hostile = await deployment({ '*': act });
    await met(hostile, { codes: notGood, lines: commands(hostile.port) });
  });
  it.each(Object.entries(bodies))('answers with %s', async (_, act) => {
    const hostile = await deployment({ '*': act });
    await met(hostile, { codes: notGood, lines: commands(hostile.port) });
  });
  it.each(Object.entries(overSockets))('at its socket %s', async (name, act) => {
    const hostile = await deployment({ WS: act });
    // one that stays open and says nothing of a refusal is taken for good where no ack is declared
    const codes = /without end|pings|drips a frame/.test(name) ? [0, 1, 3] : notGood;
    await met(hostile, { codes, lines: checks(hostile.port) });
  });
});

/** One text with everything in it that has ever fooled a terminal, a CI server or a report. */
const evil = [
  '\u001b[2J\u001b]0;title\u0007\u001b]8;;http://evil\u001b\\',
  '\u009b31m\u0085\r\b\u007f',
  '\u202e\u2066\u200b\u00ad\u{e0041}\u2028\ufeff',
  '\n::set-output name=a::b\n##[group]x\n::stop-commands::x\n##vso[task.setvariable variable=a]b',
  "]]><script>&\"'=cmd|' /C calc'!A0",
].join('');
/** The same where lines end a header. */
const oneLine = evil.replaceAll(/[\r\n\0]/g, '');

const places: Readonly<Record<string, Readonly<Record<string, Act>>>> = {
  'a status text': { '*': (socket) => void socket.write(`HTTP/1.1 500 ${oneLine}\r\ncontent-length: 0\r\n\r\n`) },
  'a header': {
    'GET /api/auth/token': (socket) =>
      void socket.write(`HTTP/1.1 200 OK\r\ncontent-type: ${oneLine}\r\ncontent-length: 2\r\n\r\n{}`),
  },
  'a redirect': {
    '*': (socket) => void socket.write(`HTTP/1.1 302 Go\r\nlocation: /${oneLine}\r\ncontent-length: 0\r\n\r\n`),
  },
  'a code of an error': { '*': (socket) => void socket.write(answer(403, { code: evil, message: evil, error: evil })) },
  'the name of a cookie': {
    'POST /api/auth/sign-in/email': (socket) =>
      void socket.write(
        answer(200, { user: { id: evil, email: evil } }, [`set-cookie: ${oneLine}=${oneLine}; Path=/`]),
      ),
  },
  'a user': {
    'GET /api/auth/get-session': (socket, { headers }) =>
      void socket.write(answer(200, headers.cookie ? { user: { id: evil, email: evil } } : 'null')),
  },
  'a token': { 'GET /api/auth/token': (socket) => void socket.write(answer(200, { token: evil })) },
  'the alg of a token': {
    'GET /api/auth/token': (socket) =>
      void socket.write(answer(200, { token: jwtOf({ alg: evil }, { sub: evil, iss: evil }) })),
  },
  'the caller of an API': { 'GET /api/me': (socket) => void socket.write(answer(200, { id: evil, email: evil })) },
  'a page of an API': { 'GET /api/me': (socket) => void socket.write(answer(200, evil)) },
  'a reason to close': {
    WS: (socket, request) => {
      const reason = Buffer.from(evil).subarray(0, 100).toString('utf8').replaceAll('\ufffd', '');
      socket.write(upgrade(request));
      socket.write(frame(8, Buffer.concat([Buffer.from([4401 >> 8, 4401 & 255]), Buffer.from(reason)])));
    },
  },
  'a message of a socket': {
    WS: (socket, request) => {
      socket.write(upgrade(request));
      socket.write(frame(1, JSON.stringify({ type: 'error', message: evil })));
    },
  },
};

describe.concurrent('what fools terminals, in', () => {
  it.each(Object.entries(places))('%s', async (_, acts) => {
    const hostile = await deployment(acts);
    await met(hostile, { codes: [0, 1, 3], lines: checks(hostile.port) });
    const again = await deployment(acts);
    await met(again, { codes: [0, 1, 3], lines: commands(again.port).slice(2) });
  });
});

describe.concurrent('a TLS server that', () => {
  const acts: Readonly<Record<string, (socket: Socket) => void>> = {
    'never answers': () => {},
    'closes at once': (socket) => socket.destroy(),
    'drips its hello': (socket) => {
      socket.write(Buffer.from([22, 3, 3, 0x40, 0]));
      drip(socket, '\0');
    },
    'sends alerts without end': (socket) => endless(socket, Buffer.from([21, 3, 3, 0, 2, 1, 0])),
    'sends noise without end': (socket) => endless(socket, Buffer.alloc(65_536, 7)),
    'says a record of 64 KiB': (socket) => void socket.write(Buffer.from([22, 3, 3, 255, 255])),
    'is none': (socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
    'closes its half': (socket) => void socket.end(),
  };
  it.each(Object.entries(acts))('%s', async (_, act) => {
    const hostile = await bare(act);
    await met(hostile, { codes: [3], lines: commands(hostile.port, 'https').filter(([name]) => name !== 'diagnose') });
  });
});

describe('a certificate that fools terminals', () => {
  const short = evil.replaceAll('\0', '').slice(0, 200);
  it.each([
    ['common name', { names: ['another.example'], subject: short }],
    ['alternative names', { names: [`${short}.example`, short], subject: 'x' }],
    ['common name, where the names are right', { names: ['127.0.0.1'], subject: short }],
  ])('by its %s', async (_, { names, subject }) => {
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-certificates-'));
    const authority = makeCa(Date.now());
    const server = createTlsServer(authority.issue(names, subject), (socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(answer(404, {})));
    });
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const base = `https://127.0.0.1:${port}`;
    const known = join(folder, 'ca.pem');
    writeFileSync(known, authority.ca);
    try {
      for (const trusted of [[], ['--ca-file', known]]) {
        for (const args of [
          ['check', 'session/login', 'transport/tls-valid', '--auth', base, '--api', base, ...trusted, '-v'],
          ['check', 'session/login', 'transport/tls-valid', '--auth', base, '--json', ...trusted],
          ['token', 'fetch', '--auth', base, '--no-input', ...trusted],
          ['diagnose', '--auth', base, '--api', base, '--no-database', '--replicas', '0', ...trusted],
        ]) {
          const ran = await run(args, {}, { limits: unhurried });
          expect(notGood, `${args.join(' ')}: ${ran.out}${ran.err}`).toContain(ran.code);
          expectTame(ran);
          // it came as far as the certificate
          if (args[0] === 'token' && (trusted.length === 0 || !names.includes('127.0.0.1')))
            expect(ran.err).toContain('TLS');
        }
      }
    } finally {
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('a PostgreSQL that', () => {
  const error = (code: string, text: string) => message('E', `SFATAL\0VFATAL\0C${code}\0M${text}\0D${text}\0\0`);
  const acts: Readonly<Record<string, (socket: Socket) => void>> = {
    'closes at once': (socket) => socket.destroy(),
    'is a web server': (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    'is noise': (socket) => void socket.end(Buffer.alloc(4096, 0xaa)),
    'is noise without end': (socket) => endless(socket, Buffer.alloc(65_536, 'R')),
    'says a message of 2 GB': (socket) => {
      socket.write(Buffer.from([0x52, 0x7f, 0xff, 0xff, 0xff]));
      endless(socket, Buffer.alloc(65_536));
    },
    'says a message of less than nothing': (socket) => void socket.end(Buffer.from([0x52, 0xff, 0xff, 0xff, 0xff])),
    'asks for a password in a way of its own': (socket) => void socket.end(message('R', Buffer.from([0, 0, 0, 99]))),
    'has notices without end': (socket) => endless(socket, message('N', `SNOTICE\0M${evil}\0\0`)),
    'has parameters without end': (socket) => endless(socket, message('S', 'a\0b\0')),
    'refuses with what fools terminals': (socket) => void socket.end(error('28P01', evil)),
    'fails with what fools terminals': (socket) => void socket.end(error('XX000', evil)),
    'has a code that fools terminals': (socket) => void socket.end(error(evil, evil)),
    'lets in and closes': (socket) => void socket.end(ready),
    'lets in and fails': (socket) => {
      socket.write(ready);
      socket.once('data', () => socket.end(error('42P01', evil)));
    },
    'lets in and answers with rows without end': (socket) => {
      socket.write(ready);
      socket.once('data', () => {
        socket.write(message('T', Buffer.concat([Buffer.from([0, 1]), Buffer.from('look\0'), Buffer.alloc(18)])));
        endless(
          socket,
          message('D', Buffer.concat([Buffer.from([0, 1, 0, 0, 0x27, 0x10]), Buffer.alloc(10_000, 'x')])),
        );
      });
    },
  };
  it.each(Object.entries(acts))('%s', async (_, act) => {
    const hostile = await bare((socket) => {
      socket.once('data', () => act(socket));
    });
    const env = {
      DATABASE_URL: `postgres://user:a-password-of-the-corpus@127.0.0.1:${hostile.port}/db?sslmode=disable`,
    };
    const lines = [
      ['migrate', 'status'],
      ['migrate', 'drift', '--json'],
    ];
    const ran = await Promise.all(lines.map((args) => run(args, { env })));
    for (const each of ran) {
      expect([2, 3], each.out + each.err).toContain(each.code);
      expectTame(each);
      expect(each.out + each.err).not.toContain('a-password-of-the-corpus');
    }
    await hostile.left();
    await hostile.stop();
  });
});

describe('a file that', () => {
  let folder = '';
  const server = createServer();
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-files-'));
    const at = (name: string) => join(folder, name);
    execFileSync('mkfifo', [at('a pipe')]);
    writeFileSync(at('is huge'), '');
    truncateSync(at('is huge'), 2 ** 33);
    writeFileSync(at('is binary'), Buffer.from(Array.from({ length: 65_536 }, (_, n) => (n * 7919) & 255)));
    writeFileSync(at('is nested'), '['.repeat(900_000));
    writeFileSync(at('fools terminals'), evil);
    writeFileSync(
      at('is JSON that fools terminals'),
      JSON.stringify({ [evil]: evil, targets: { [evil]: { auth: evil } } }),
    );
    writeFileSync(at('has prototypes'), '{"__proto__":{"targets":{}},"constructor":{},"targets":{"__proto__":{}}}');
    writeFileSync(at('is empty'), '');
    symlinkSync('loops', at('loops'));
    symlinkSync('/dev/zero', at('leads to a device'));
    await new Promise<void>((resolve) => server.listen(at('is a socket'), resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    'a pipe',
    'is huge',
    'is binary',
    'is nested',
    'fools terminals',
    'is JSON that fools terminals',
    'has prototypes',
    'is empty',
    'loops',
    'leads to a device',
    'is a socket',
    'is nowhere',
    '/dev/zero',
    '/dev/urandom',
    '.',
  ])('%s', async (name) => {
    const path = join(folder, name).replace(/^.*\/\/dev/, '/dev');
    const file = name.startsWith('/') ? name : path;
    for (const args of [
      ['check', '--config', file],
      ['check', '--auth', 'http://127.0.0.1:9', '--ca-file', file],
      ['token', 'verify', '--allow-argv', '--secret-file', file, 'e30.e30.c2ln'],
      ['token', 'verify', '--allow-argv', '--jwks', file, 'e30.e30.c2ln'],
      ['token', 'verify', file, '--secret-env', 'LOCKSTEP_A_PASSWORD'],
      ['diagnose', '--replay', file],
    ]) {
      const ran = await run(args, { cwd: folder });
      expect([1, 2, 3], `${args.join(' ')}: ${ran.out}${ran.err}`).toContain(ran.code);
      expectTame(ran);
    }
  });
});

describe('a name that', () => {
  it.each([
    ['turns to metadata', 'http://app.example.com', '169.254.169.254'],
    ['is of this machine and leads abroad', 'http://app.localhost', '203.0.113.9'],
    ['is private and leads abroad', 'http://app.test', '2001:db8::1'],
  ])('%s', async (_, base, address) => {
    const resolve = (__: string, done: (error: null, found: { address: string; family: number }[]) => void) =>
      done(null, [{ address, family: address.includes(':') ? 6 : 4 }]);
    const ran = await run(['check', 'session/login', '--auth', base, '--json'], {}, { resolve });
    expect(ran.code).toBe(3);
    expect(ran.out).toMatch(/cloud metadata|leads elsewhere/);
  });
});
