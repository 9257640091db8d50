import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Act, Hostile } from './deployment.js';
import { deployment, email, endless, frame, upgrade } from './deployment.js';
import { envTexts, fill } from './env-texts.js';
import { bodies, overHttp } from './http.js';
import { checks } from './run.js';
import { overSockets } from './sockets.js';

/** MB (10^6 bytes) that a run may hold at most, whatever it meets. */
const most = 150;
/** What a parser makes of sources dies late: docs/decisions/180. */
const mostOfCheckout = 250;
/** Of time, and longer than what the corpus is met with elsewhere: on a busy machine it must be met at all. */
const limits = { connectMs: 10_000, headersMs: 3_000, bodyMs: 3_000, totalMs: 3_000, handshakeMs: 3_000 };
const measured = path.join(import.meta.dirname, 'measured.cjs');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lockstep-memory-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Measured {
  readonly code: number | null;
  readonly said: string;
  /** MB */
  readonly peak: number;
}

/** A run in a process of its own: what the tests themselves hold is not in the figure. */
function run(
  args: readonly string[],
  cwd = '/',
  input = '',
  more: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  const { PATH = '' } = process.env;
  const env = {
    PATH,
    LOCKSTEP_STATE_DIR: path.join(folder, 'state'),
    LOCKSTEP_A_EMAIL: email,
    LOCKSTEP_A_PASSWORD: 'a-password-of-the-corpus',
    MEASURED_LIMITS: JSON.stringify(limits),
    ...more,
  };
  const child = spawn(process.execPath, [measured, ...args], { cwd, env, stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
  const texts = ['', '', '', ''];
  for (const n of [1, 2, 3])
    (child.stdio[n] as NodeJS.ReadableStream).setEncoding('utf8').on('data', (text: string) => (texts[n] += text));
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  return new Promise((resolve) =>
    child.on('close', (code) =>
      resolve({ code, said: `${texts[1]}${texts[2]}`, peak: (Number(texts[3]) * 1024) / 1e6 }),
    ),
  );
}

function expectSmall({ code, said, peak }: Measured, what: string, codes: readonly number[], limit = most): void {
  expect(codes, `${what}: ${said.slice(-2000)}`).toContain(code);
  // an empty process takes more than nothing
  expect(peak, what).toBeGreaterThan(30);
  expect(peak, `MB of ${what}`).toBeLessThan(limit);
}

/** Two at a time: each wants a core while it starts, and the server of each lives in this process. */
async function each<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: 2 }, worker));
}

async function met(name: string, place: '*' | 'WS', act: Act, lines: (at: Hostile) => string[][]): Promise<void> {
  let acted = 0;
  const counted: Act = (...args) => {
    acted += 1;
    act(...args);
  };
  const hostile = await deployment({ [place]: counted });
  try {
    for (const args of lines(hostile)) {
      const before = acted;
      const ran = await run(args);
      expectSmall(ran, `${args.slice(0, 2).join(' ')} where a server ${name}`, [0, 1, 3]);
      expect(acted, `${name} was met`).toBeGreaterThan(before);
    }
  } finally {
    await hostile.stop();
  }
}

/** A checkout both of whose halves have such an env file. */
function checkout(name: string, text: string): string {
  const own = path.join(folder, name);
  for (const half of ['frontend', 'backend']) mkdirSync(path.join(own, half), { recursive: true });
  const services = {
    frontend: { dir: 'frontend', loader: 'next' },
    backend: { dir: 'backend', loader: 'pydantic-settings' },
  };
  writeFileSync(path.join(own, 'lockstep.json'), JSON.stringify({ services }));
  writeFileSync(path.join(own, 'frontend/.env.local'), `BETTER_AUTH_SECRET=x\n${text}`);
  writeFileSync(path.join(own, 'backend/.env'), text);
  return own;
}

/** An entry of an index of git, version 2. */
function entryOf(name: string): Buffer {
  const entry = Buffer.alloc((62 + name.length + 8) & ~7);
  entry.writeUInt16BE(name.length, 60);
  entry.write(name, 62);
  return entry;
}

/** What a browser records of so many requests, with answers of so many characters. */
function har(many: number, size: number): string {
  const request = {
    method: 'GET',
    url: 'http://localhost/api/me',
    headers: [{ name: 'Authorization', value: 'Bearer e30.e30.c2ln' }],
  };
  const response = { status: 401, content: { text: '"\\'.repeat(size / 4) } };
  return JSON.stringify({ log: { version: '1.2', entries: Array(many).fill({ request, response }) } });
}

/** The checks that read streams. */
const ofStreams = ['transport/sse-not-buffered', 'refresh/stream-resumes-without-doubles', 'isolation/live-channels'];

/** What says more than anybody wants to hear; the others of the corpus say little. */
const floods = /without end|for ever|bomb|million|gigabyte|megabyte|thousand|nesting|2\^63/;

describe.runIf(process.platform === 'linux')('the memory of a run', () => {
  it('is measured: a process that holds 200 MB is seen', async () => {
    const script = path.join(folder, 'large.cjs');
    writeFileSync(script, `Buffer.alloc(200_000_000, 1); require(${JSON.stringify(measured)})`);
    const child = spawn(process.execPath, [script, '--version'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    let peak = '';
    (child.stdio[3] as NodeJS.ReadableStream).setEncoding('utf8').on('data', (text: string) => (peak += text));
    await new Promise((resolve) => child.on('close', resolve));
    expect((Number(peak) * 1024) / 1e6).toBeGreaterThan(200);
  });

  it('stays small whatever a server does', async () => {
    const all = Object.entries({ ...overHttp, ...bodies }).filter(([name]) => floods.test(name));
    expect(all.length).toBeGreaterThan(10);
    await each(all, ([name, act]) => met(name, '*', act, ({ port }) => [checks(port)[0] ?? []]));
  });

  it('stays small whatever a socket does', async () => {
    const all = Object.entries(overSockets).filter(([name]) => floods.test(name));
    expect(all.length).toBeGreaterThan(2);
    await each(all, ([name, act]) => met(name, 'WS', act, ({ port }) => [checks(port)[0] ?? []]));
  });

  it('stays small whatever a stream says', async () => {
    const routes = { stream: { post: '/api/stream', body: { text: '{canary}' }, done: '[DONE]' } };
    const headers = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n';
    const said: Readonly<Record<string, string>> = {
      events: 'id: 1\ndata: text\n\n'.repeat(4_000),
      'empty events': 'data:\n\n'.repeat(9_000),
      comments: ': comment\n\n'.repeat(6_000),
      'one line': `data: ${'a'.repeat(65_536)}`,
      'one event': 'data: a\n'.repeat(8_000),
    };
    await each(Object.entries(said), async ([name, text]) => {
      let met = 0;
      const { port, stop } = await deployment({
        'POST /api/stream': (socket) => {
          met += 1;
          socket.write(headers);
          endless(socket, text);
        },
      });
      try {
        const own = checkout(name, '');
        const at = `http://127.0.0.1:${port}`;
        const targets = { local: { auth: `${at}/api/auth`, api: at, routes } };
        writeFileSync(path.join(own, 'lockstep.json'), JSON.stringify({ targets }));
        const ran = await run(['check', '--only', ...ofStreams, '--json'], own);
        expectSmall(ran, `a stream of ${name} without end`, [0, 1, 3]);
        expect(met, `${name}: ${ran.said}`).toBeGreaterThan(1);
      } finally {
        await stop();
      }
    });
  });

  it('stays small whatever comes through a socket as fast as it is taken', async () => {
    const floods = { messages: frame(1, 'a'.repeat(1000)), 'empty messages': frame(1), pings: frame(9, 'ping') };
    await each(Object.entries(floods), ([name, one]) => {
      const many = Buffer.concat(Array(Math.ceil(65_536 / one.length)).fill(one));
      const act: Act = (socket, request) => {
        socket.write(upgrade(request));
        endless(socket, many);
      };
      return met(`floods with ${name}`, 'WS', act, ({ port }) => [checks(port)[0] ?? []]);
    });
  });

  it('stays small whatever an env file holds', async () => {
    await each(Object.entries(envTexts), async ([name, text]) => {
      const own = checkout(name, text);
      for (const args of [
        ['env', 'check', '--json'],
        ['diagnose', '--offline', '--json'],
      ])
        expectSmall(await run(args, own), `${args.slice(0, 2).join(' ')} of ${name}`, [0, 1, 3]);
    });
    const own = path.join(folder, 'as many secrets');
    const others = [
      [],
      ['init', '--yes', '--no-input', '--check'],
      ['token', 'which', '--env-file', 'backend/.env', 'token'],
    ];
    writeFileSync(path.join(own, 'token'), 'e30.e30.c2ln');
    await each(others, async (args) =>
      expectSmall(await run(args, own), `${args.join(' ')} of many secrets`, [0, 1, 2, 4]),
    );
  });

  it('stays small beside an index of git of a million files', async () => {
    const own = checkout('indexed', 'BETTER_AUTH_SECRET=x\n');
    mkdirSync(path.join(own, '.git'));
    const index = path.join(own, '.git/index');
    const names = Array.from(
      { length: 10_000 },
      (_, n) => `packages/a-name-as-people-give-them/src/components/file-${n}.test.tsx`,
    );
    const block = Buffer.concat(names.map(entryOf));
    const header = Buffer.from('DIRC\0\0\0\x02\0\0\0\0');
    header.writeUInt32BE(1_000_001, 8);
    writeFileSync(index, header);
    for (let n = 0; n < 100; n++) appendFileSync(index, block);
    // it is read to its end
    appendFileSync(index, entryOf('frontend/.env.local'));
    const ran = await run(['env', 'check', '--json'], own);
    expectSmall(ran, 'env check beside a large index', [1]);
    expect(ran.said).toContain('env/file.committed');
    rmSync(index);
  });

  it('stays bounded whatever a checkout holds', async () => {
    const own = path.join(folder, 'sources');
    mkdirSync(own);
    const line =
      'export function f(a: number) {\n  const c = { a, d: [1, 2, 3] };\n  return c.d.map((x) => x + a);\n}\n';
    const verifies =
      "import jwt from 'jsonwebtoken';\nexport const user = (token: string) => jwt.verify(token, KEY);\n";
    for (let n = 0; n < 400; n++) writeFileSync(path.join(own, `f${n}.ts`), `${verifies}${line.repeat(120)}`);
    const ran = await run(['diagnose', '--offline', '--checkout', '--json'], own);
    expect(ran.said).toContain('"part": "checkout"');
    expectSmall(ran, 'diagnose --checkout', [0, 1, 3], mostOfCheckout);
  });

  it('stays small beside an access log', async () => {
    const log = path.join(folder, 'access.log');
    const lines = fill(
      '127.0.0.1 - - [26/Nov/2026:08:00:00 +0000] "GET /api/auth/jwks HTTP/1.1" 200 512\n',
      63 * 1_048_576,
    );
    // the signature of the token of the corpus, at its end
    writeFileSync(log, `${lines}GET /api/ws?token=e30.e30.c2lnbmF0dXJl\n`);
    const { port, stop } = await deployment({});
    const own = checkout('logged', '');
    const at = `http://127.0.0.1:${port}`;
    const routes = { socket: { url: `ws://127.0.0.1:${port}/api/ws`, auth: 'query:token' } };
    writeFileSync(
      path.join(own, 'lockstep.json'),
      JSON.stringify({ targets: { local: { auth: `${at}/api/auth`, api: at, routes } } }),
    );
    const ran = await run(['check', 'ws/token-not-in-url', '--json'], own, '', { LOCKSTEP_ACCESS_LOG: log });
    await stop();
    expect(ran.said).toContain('ws/token-not-in-url.in-log');
    expectSmall(ran, 'check beside an access log', [0]);
  });

  it('stays small whatever a file holds', async () => {
    const own = checkout('files', '');
    const write = (name: string, text: string | Uint8Array) => writeFileSync(path.join(own, name), text);
    const mebi = 1_048_576;
    // the most that a lockstep.json may have
    const quarter = mebi / 4;
    const key = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) };
    const keys = (many: number) =>
      JSON.stringify({ keys: Array.from({ length: many }, (_, n) => ({ ...key, kid: `${n}` })) });
    write(
      'config.jsonc',
      `{${fill('// a comment\n', quarter - 1024)}\n"targets":{"local":{"auth":"http://127.0.0.1:9","routes":{}}}}`,
    );
    write('wrong.jsonc', `{"targets":{${Array.from({ length: 5_000 }, (_, n) => `"t${n}":{"x":1}`).join(',')}}}`);
    write('deep.jsonc', '['.repeat(quarter - 1));
    write('all-wrong.jsonc', `{"targets":{"a":{"routes":{"resources":[${fill('1,', quarter - 1024)}1]}}}}`);
    write(
      'many-targets.jsonc',
      `{"targets":{${Array.from({ length: 9_000 }, (_, n) => `"t${n}":{"x":1}`).join(',')}}}`,
    );
    write('large.har', har(8, 4 * mebi));
    write('long.har', har(20_000, 10));
    write('one-entry.har', `{"log":{"entries":[{"request":{"headers":[${fill('{},', 16 * mebi)}{}]}}]}}`);
    write('jwks.json', keys(4_000));
    write('empty-objects.json', `[${fill('{},')}{}]`);
    write('large', fill('x', 4 * mebi - 1024));
    write('token', `${fill('eyJ', 4 * mebi - 1024)}.e30.c2ln`);
    // more than other files may have: these may be a log's
    write('tokens', fill(`${'eyJhbGciOiJIUzI1NiJ9.e30.'.padEnd(68, 'c')}\n`, 4.25 * mebi));
    write('secret', 'a-secret-that-is-long-enough-for-hs256');
    const lines: readonly (readonly [string[], number[], string?])[] = [
      [['check', '--config', 'config.jsonc', '--list'], [0]],
      [['config', 'show', '--config', 'wrong.jsonc'], [2]],
      [['check', '--config', 'deep.jsonc'], [2]],
      [['config', 'show', '--config', 'all-wrong.jsonc'], [2]],
      [['config', 'show', '--config', 'many-targets.jsonc'], [2]],
      [
        ['diagnose', '--offline', '--har', 'large.har'],
        [1, 3],
      ],
      [
        ['diagnose', '--offline', '--har', 'long.har'],
        [1, 3],
      ],
      [['diagnose', '--offline', '--har', 'one-entry.har'], [2]],
      [
        ['token', 'verify', '--jwks', 'jwks.json', '--allow-argv', 'e30.e30.c2ln'],
        [1, 3],
      ],
      [
        ['token', 'verify', '--jwks', 'empty-objects.json', '--allow-argv', 'e30.e30.c2ln'],
        [1, 3],
      ],
      [['token', 'verify', '--secret-file', 'secret', 'token'], [1]],
      [['token', 'verify', '--secret-file', 'large', '--allow-argv', 'e30.e30.c2ln'], [1]],
      [
        ['token', 'which', '--secret-file', 'secret', 'token'],
        [1, 3],
      ],
      [['token', 'which', '--exact', '--secret-file', 'secret', 'tokens'], [1]],
      [['token', 'decode', 'token'], [1]],
      [['check', '--auth', 'http://127.0.0.1:9', '--ca-file', 'large'], [2]],
      [['diagnose', '--replay', 'empty-objects.json'], [2]],
      [['token', 'verify', '--secret-file', 'secret', '-'], [1, 2], fill('x', 8 * mebi)],
    ];
    await each(lines, async ([args, codes, input]) => expectSmall(await run(args, own, input), args.join(' '), codes));
  });
});
