import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Demo } from '../../src/demo/contract.js';
import { startDemo } from '../../src/demo/demo.js';
import { realWorld } from '../../src/io/world.js';
import { main } from '../../src/main.js';
import { fakeWorld } from '../support/fake-world.js';
import { ask, originOf } from '../support/raw-demo.js';

const broken = ['--expired', '--not-yet', '--wrong-aud', '--wrong-key', '--alg-none'];

describe.each(['jwks', 'shared-secret'] as const)('tokens and the API of a demo with --trust %s', (trust) => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await startDemo({ trust, socketAuth: 'query', faults: [] });
  });
  afterAll(() => demo?.stop());

  async function lockstep(args: string[], stdin = '') {
    const { a, b } = demo.users;
    const env = {
      LOCKSTEP_AUTH: demo.auth,
      LOCKSTEP_A_EMAIL: a.email,
      LOCKSTEP_A_PASSWORD: a.password.reveal(),
      LOCKSTEP_B_EMAIL: b.email,
      LOCKSTEP_B_PASSWORD: b.password.reveal(),
      DATABASE_URL: demo.database.reveal(),
    };
    const { files } = await import('../../src/io/files.js');
    const fake = fakeWorld({ env, input: stdin, hurry: false });
    const world = {
      ...fake,
      cwd: demo.folder,
      files,
      http: realWorld().http,
      now: () => Date.now(),
    };
    const code = await main(['token', ...args], world);
    return { code, out: fake.out().trim(), err: fake.err() };
  }

  const me = (token: string) => ask('GET', `${demo.api}/api/me`, { headers: { authorization: `Bearer ${token}` } });
  const secret = ['--env-file', 'backend/.env', '--loader', 'python-dotenv'];

  it('a fetched token verifies here, and the API takes it', async () => {
    const { out: token, code } = await lockstep(['fetch', '--as', 'b']);
    expect(code).toBe(0);
    expect((await me(token)).json.email).toBe(demo.users.b.email);
    const keys = trust === 'jwks' ? ['--auth', demo.auth] : secret;
    const verified = await lockstep(['verify', ...keys, '--aud', originOf(demo), '--json', '-'], token);
    expect(verified, verified.out).toMatchObject({ code: 0 });
  });

  it('a minted token is taken by the API, and each deliberately wrong one is refused', async () => {
    const { out: real } = await lockstep(['fetch']);
    const { sub } = JSON.parse(Buffer.from(real.split('.')[1] ?? '', 'base64url').toString());
    const frontend = ['--env-file', 'frontend/.env.local', '--loader', 'next'];
    const how =
      trust === 'jwks' ? ['--database', ...frontend] : [...secret, '--iss', originOf(demo), '--aud', originOf(demo)];
    const minted = await lockstep(['mint', ...how, '--sub', sub]);
    expect(minted.code, minted.err).toBe(0);
    expect((await me(minted.out)).json).toMatchObject({ id: sub });
    for (const flag of broken) {
      const wrong = await lockstep(['mint', ...how, '--sub', sub, flag]);
      expect(wrong.code).toBe(0);
      expect((await me(wrong.out)).status, flag).toBe(401);
    }
    expect((await me(minted.out)).status).toBe(200);
  });

  it.runIf(trust === 'shared-secret')('which names both files that hold the secret', async () => {
    const { out: token } = await lockstep(['fetch']);
    const which = await lockstep(
      ['which', '--env-file', 'frontend/.env.local', '--env-file', 'backend/.env', '-'],
      token,
    );
    expect(which.code).toBe(0);
    expect(which.out).toContain('the value of frontend/.env.local, which is the same key as the value of backend/.env');
  });
});
