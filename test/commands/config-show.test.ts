import { describe, expect, it } from 'vitest';
import { main } from '../../src/main.js';
import { fakeWorld } from '../support/fake-world.js';

const file = `{
  "services": { "frontend": { "dir": "web", "names": { "secret": "AUTH_SECRET" } } },
  "targets": { "local": {
    "auth": "http://localhost:3000",
    "database": "env:DATABASE_URL",
    "users": { "a": { "email": "a@example.test", "password": "env:PASSWORD_A" } }
  }, "staging": { "auth": "https://staging.example.test" } }
}`;
const password = 'a-password-that-nobody-may-see';
const env = { DATABASE_URL: 'postgresql://app:hidden-in-the-url@localhost/app', PASSWORD_A: password };

async function show(args: string[], options: Parameters<typeof fakeWorld>[0] = {}) {
  const world = fakeWorld({ files: { '/project/lockstep.json': file }, env, ...options });
  const code = await main(['config', 'show', ...args], world);
  return { code, out: world.out(), err: world.err(), sent: world.sent };
}
const lineOf = (out: string, name: string) => out.split('\n').find((line) => line.startsWith(`${name} `)) ?? '';

describe('config show --origin', () => {
  it('tells flag, variable, place in the file and default apart, each where it is written', async () => {
    const { code, out, sent } = await show(['--origin', '--trust', 'jwks'], {
      env: { ...env, LOCKSTEP_API: 'http://localhost:8000' },
    });
    expect(code).toBe(0);
    expect(sent).toEqual([]);
    expect(lineOf(out, 'auth')).toMatch(/http:\/\/localhost:3000\/api\/auth +lockstep\.json:4:13$/);
    expect(lineOf(out, 'api')).toMatch(/http:\/\/localhost:8000 +LOCKSTEP_API$/);
    expect(lineOf(out, 'token.trust')).toMatch(/jwks +--trust$/);
    expect(lineOf(out, 'token.route')).toMatch(/\/token +default$/);
    expect(lineOf(out, 'database')).toMatch(/lockstep\.json:5:17, from DATABASE_URL$/);
    expect(lineOf(out, 'services.frontend.names.secret')).toMatch(/AUTH_SECRET +lockstep\.json:2:\d+$/);
  });

  it('shows of a secret that it is there, and nothing of it', async () => {
    for (const args of [['--origin'], ['--json'], []]) {
      const { code, out, err } = await show(args);
      expect(code).toBe(0);
      expect(out).toContain('users.a.password');
      for (const text of [password, 'hidden-in-the-url', 'postgresql://']) expect(out + err).not.toContain(text);
    }
  });

  it('gives each setting with its origin in JSON', async () => {
    const { settings } = JSON.parse((await show(['--json', '--target', 'staging'])).out);
    expect(settings).toContainEqual({ name: 'target', value: 'staging', origin: '--target' });
    expect(settings).toContainEqual(
      expect.objectContaining({ name: 'auth', value: 'https://staging.example.test/api/auth' }),
    );
  });

  it('shows a file that speaks of the checkout alone', async () => {
    const files = { '/project/lockstep.json': '{ "services": { "backend": { "dir": "api" } } }' };
    const { code, out } = await show([], { files });
    expect([code, out]).toEqual([0, 'services.backend.dir  api\n']);
  });

  it('is 2 where nothing is configured, where the file is wrong, and where a target is misspelt', async () => {
    expect(await show([], { files: {} })).toMatchObject({ code: 2, out: '' });
    expect(await show([], { files: { '/project/lockstep.json': '{ "servics": {} }' } })).toMatchObject({
      code: 2,
      out: '',
    });
    const { code, err } = await show(['--target', 'stagng']);
    expect(code).toBe(2);
    expect(err).toContain('staging');
  });
});
