import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { World } from '../../src/world.js';
import { bare, deployment, email } from './deployment.js';
import { commands, run } from './run.js';
import { canaries, databaseAt, found } from './searcher.js';
import { telltales } from './telltale.js';

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
  DATABASE_URL: databaseAt('127.0.0.1:1/db'),
};

/** The product of a command is no leak of it. */
const but = (args: readonly string[], names: string[]) => names.filter((name) => args[1] !== 'fetch' || name !== 'jwt');

async function silent(args: readonly string[], own: Partial<World> = {}): Promise<string> {
  const { out, err } = await run(args, { env, cwd: folder, ...own });
  expect(but(args, found(out)), `${args.join(' ')}: ${out}`).toEqual([]);
  expect(found(err), `${args.join(' ')}: ${err}`).toEqual([]);
  return out + err;
}

describe('no secret is shown', () => {
  it.each(Object.entries(telltales))('of a deployment %s', async (name, acts) => {
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

  it('of a database that repeats the password', async () => {
    const message = (type: string, body: Uint8Array) => {
      const head = Buffer.alloc(5);
      head.write(type);
      head.writeInt32BE(body.length + 4, 1);
      return Buffer.concat([head, body]);
    };
    const server = await bare((socket) => {
      socket.once('data', () => {
        socket.write(message('R', Buffer.from([0, 0, 0, 3])));
        socket.once('data', (sent) => {
          const said = `SFATAL\0CXX000\0Mno such password: ${sent.subarray(5, -1)}\0\0`;
          socket.end(message('E', Buffer.from(said)));
        });
      });
    });
    const own = { env: { ...env, DATABASE_URL: databaseAt(`127.0.0.1:${server.port}/db`) } };
    try {
      expect(await silent(['migrate', 'status'], own)).toContain('no such password: [redacted]');
      await silent(['migrate', 'up', '--yes', '--no-input', '--json'], own);
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
    const http = { send: fail, open: fail, laden: () => false, close: async () => {} };
    const port = 9;
    for (const args of commands(port).filter(([, verb]) => verb !== 'verify')) await silent(args, { http });
  });
});
