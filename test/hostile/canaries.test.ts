import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { World } from '../../src/world.js';
import type { Act } from './deployment.js';
import { answer, deployment, email, jwtOf } from './deployment.js';
import { commands, run } from './run.js';

const mark = (name: string) => `${name}-Zq7"x&ü%2F-canary-5f1c9a`;
const canaries = {
  password: mark('password'),
  secret: mark('secret'),
  cookie: 'cookie-canary-c0ffee5f1c9a7b',
  database: mark('database').replaceAll(/["&ü%]/g, ''),
  jwt: `${jwtOf({ alg: 'HS256' }, { sub: 'user-a', exp: 4_102_444_800, note: 'jwt-canary-77aa' }).slice(0, -12)}and-its-signature`,
};

/** Every spelling in which a secret travels. */
function spellings(value: string): string[] {
  const bytes = Buffer.from(value);
  // what depends on the value alone, whatever stands before and after it
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(shift === 0 ? 0 : 4, -4),
  );
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    bytes.toString('hex'),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

function found(text: string, but: readonly string[] = []): string[] {
  return Object.entries(canaries)
    .filter(([name, value]) => !but.includes(name) && spellings(value).some((spelling) => text.includes(spelling)))
    .map(([name]) => name);
}

const user = { id: 'user-a', email };
const signsIn: Readonly<Record<string, Act>> = {
  'POST /api/auth/sign-in/email': (socket) =>
    void socket.write(answer(200, { user }, [`set-cookie: better-auth.session_token=${canaries.cookie}; Path=/`])),
  'GET /api/auth/token': (socket) => void socket.write(answer(200, { token: canaries.jwt })),
};
/** Short enough to be shown: what is cut away cannot leak. */
const everything = (headers: { cookie?: string | undefined; authorization?: string | undefined }) => {
  const seen = headers.authorization ?? headers.cookie ?? canaries.password;
  return { code: canaries.password, message: canaries.cookie, error: canaries.password, id: seen };
};
/** Deployments that say back whatever they were told, in every place from which something is shown. */
const deployments: Readonly<Record<string, Readonly<Record<string, Act>>>> = {
  'that works': signsIn,
  'whose API repeats what it got': {
    ...signsIn,
    'GET /api/me': (socket, { headers }) => void socket.write(answer(200, everything(headers))),
  },
  'whose API fails with what it got': {
    ...signsIn,
    'GET /api/me': (socket, { headers }) => void socket.write(answer(403, everything(headers))),
  },
  'that repeats the password': {
    'POST /api/auth/sign-in/email': (socket, { headers }) => void socket.write(answer(403, everything(headers))),
  },
  'that redirects with what it got': {
    ...signsIn,
    'GET /api/me': (socket, { headers }) =>
      void socket.write(`HTTP/1.1 302 Go\r\nlocation: /x?t=${headers.authorization}\r\ncontent-length: 0\r\n\r\n`),
  },
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-canaries-'));
  writeFileSync(join(folder, 'secret'), canaries.secret);
  writeFileSync(join(folder, 'token'), canaries.jwt);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = {
  LOCKSTEP_A_EMAIL: email,
  LOCKSTEP_A_PASSWORD: canaries.password,
  LOCKSTEP_SECRET: canaries.secret,
  BETTER_AUTH_SECRET: canaries.secret,
  DATABASE_URL: `postgres://user:${canaries.database}@127.0.0.1:1/db`,
};

/** The product of a command is no leak of it. */
const product = (args: readonly string[]) => (args[1] === 'fetch' ? ['jwt'] : []);

async function silent(args: readonly string[], own: Partial<World> = {}): Promise<string> {
  const { out, err } = await run(args, { env, cwd: folder, ...own });
  expect(found(out, product(args)), `${args.join(' ')}: ${out}`).toEqual([]);
  expect(found(err), `${args.join(' ')}: ${err}`).toEqual([]);
  return out + err;
}

describe('no secret is shown', () => {
  it('and the canaries would be found in any spelling', () => {
    for (const [name, value] of Object.entries(canaries))
      for (const prefix of ['', 'a', 'ab'])
        for (const spelled of [
          `${prefix}${value}`,
          JSON.stringify(`${prefix}${value}`),
          encodeURIComponent(`${prefix}${value}`),
          Buffer.from(`${prefix}${value}--`).toString('base64'),
          Buffer.from(`${prefix}${value}--`).toString('hex'),
        ])
          expect(found(`x ${spelled} y`), spelled).toContain(name);
  });

  it.each(Object.entries(deployments))('of a deployment %s', async (name, acts) => {
    const server = await deployment(acts);
    try {
      const all = commands(server.port);
      const reports = ['junit', 'html', 'github', 'json', 'tap', 'markdown'].flatMap((kind) => [
        '--report',
        `${kind}=${kind}.report`,
      ]);
      const shown: string[] = [];
      for (const args of [...all, [...(all[1] ?? []), ...reports, '--secret-file', 'secret']])
        shown.push(await silent(args));
      const written = readdirSync(folder).filter((file) => file.endsWith('.report'));
      expect(written).toHaveLength(6);
      for (const file of written) expect(found(readFileSync(join(folder, file), 'utf8')), file).toEqual([]);
      // it came as far as that, and no further
      if (name.includes('repeats')) expect(shown.join('')).toContain('[redacted]');
      // and nothing of an ordinary report is taken for one
      if (name === 'that works') expect(shown.slice(0, 3).join('')).not.toContain('[redacted]');
    } finally {
      await server.stop();
    }
  });

  it('of files, databases and settings', async () => {
    for (const args of [
      ['token', 'verify', 'token', '--secret-file', 'secret'],
      ['token', 'verify', 'token', '--secret-file', 'secret', '--json'],
      ['token', 'which', 'token', '--secret-file', 'secret', '--json'],
      ['migrate', 'status'],
      ['migrate', 'drift', '--json'],
      ['migrate', 'up', '--yes', '--no-input'],
      ['config', 'show', '--origin', '--json'],
      ['config', 'show', '--auth', 'http://127.0.0.1:9', '--json'],
      ['check', '--auth', `http://x:${encodeURIComponent(canaries.password)}@127.0.0.1`],
      ['diagnose', '--offline', '--json'],
      ['secret', `--value=${canaries.secret}`],
      ['check', '--config', 'secret'],
    ])
      await silent(args);
  });

  it('of an error that nobody expected', async () => {
    const fail = async () => {
      throw Object.assign(new Error(`password ${canaries.password}, url ${encodeURIComponent(canaries.password)}`), {
        headers: canaries,
      });
    };
    const http = { send: fail, open: fail, close: async () => {} };
    const port = 9;
    for (const args of commands(port).filter(([, verb]) => verb !== 'verify')) await silent(args, { http });
  });
});
