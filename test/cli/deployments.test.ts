import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { lockstep } from '../support/bin.js';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const env = { LOCKSTEP_A_EMAIL: 'a@example.test', LOCKSTEP_A_PASSWORD: 'the-password-of-user-a' };
const check = (auth: string, more: string[] = []) =>
  lockstep(['check', '--auth', auth, '--api', auth, ...more], { env });

function clean(printed: { out: string; err: string }): void {
  expect(printed.out + printed.err).not.toMatch(/\n\s+at .*\(/);
  expect(printed.out + printed.err).not.toContain(env.LOCKSTEP_A_PASSWORD);
}

describe('a deployment that is not there', () => {
  it('ends with 3 and says which URL and which step', async () => {
    const url = await serve(() => {});
    const gone = servers.pop() as Server;
    await new Promise((resolve) => gone.close(resolve));
    const result = await check(url);
    expect(result.code).toBe(3);
    expect(result.out).toContain(`${url}/api/auth/sign-in/email: connection refused`);
    clean(result);
  });

  it('ends with 3 also when its name is unknown', async () => {
    const result = await check('http://nowhere.invalid');
    expect(result.code).toBe(3);
    expect(result.out).toContain('http://nowhere.invalid/api/auth');
  });
});

describe('a deployment that is something else', () => {
  it('answers HTML: 1, and says that it is not Better Auth', async () => {
    const url = await serve((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>'),
    );
    const result = await check(url);
    expect(result.code).toBe(1);
    expect(result.out).toContain('session/login.wrong-address');
    clean(result);
  });

  it('redirects abroad: 1, names where to, and goes nowhere', async () => {
    let visits = 0;
    const other = await serve((_, response) => {
      visits += 1;
      response.end();
    });
    const result = await check(await serve((_, response) => response.writeHead(307, { location: other }).end()));
    expect(result.code).toBe(1);
    expect(result.out).toContain(other);
    expect(visits).toBe(0);
  });

  it('answers without end: 3, within bounds', async () => {
    const url = await serve((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write('{"a":'.repeat(10_000)));
        response.once('drain', more);
      };
      more();
    });
    const result = await check(url);
    expect(result.code).toBe(3);
    expect(result.out).toContain('larger than 1048576 bytes');
  });

  it('sends escape sequences: they are shown, not obeyed', async () => {
    const hostile = { code: '\u001b[2J\u001b]0;owned\u0007::error::x\r\nforged' };
    const url = await serve((_, response) =>
      response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify(hostile)),
    );
    const result = await check(url);
    expect(result.code).toBe(3);
    expect(result.out + result.err).not.toMatch(/[\u001b\u0007\r]/);
    expect(result.out).toContain('\\u{1b}[2J');
  });

  it('refuses the password, so that nothing was learnt: 3, and names the user', async () => {
    const url = await serve((_, response) =>
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"code":"INVALID_EMAIL_OR_PASSWORD"}'),
    );
    const result = await check(url);
    expect(result.code).toBe(3);
    expect(result.out).toContain('a@example.test');
    expect(result.out).toContain('INVALID_EMAIL_OR_PASSWORD');
    clean(result);
  });

  it('has no users for us: 3, each skip with its reason', async () => {
    const url = await serve((_, response) => response.end('{}'));
    const result = await lockstep(['check', '--auth', url, '--api', url]);
    expect(result.code).toBe(3);
    expect(result.out).toContain('LOCKSTEP_A_EMAIL');
  });
});

describe('a production', () => {
  it('is not written to without consent', async () => {
    const result = await lockstep(
      ['check', '--auth', 'https://app.example', '--api', 'https://api.example', '--list', '--json'],
      { env },
    );
    const { plan } = JSON.parse(result.out) as { plan: { impact: string; barred?: string }[] };
    const writers = plan.filter(({ impact }) => impact === 'writes');
    expect(writers.length).toBeGreaterThan(0);
    for (const { barred } of writers) expect(barred).toContain('--allow-writes');
  });
});
