import { rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Act } from '../hostile/deployment.js';
import { answer, deployment, email } from '../hostile/deployment.js';
import { run } from '../hostile/run.js';
import { unhurried } from '../support/awake.js';

const state = join(tmpdir(), 'lockstep-order');
const before = process.env.LOCKSTEP_STATE_DIR;
beforeAll(() => {
  process.env.LOCKSTEP_STATE_DIR = state;
});
afterAll(() => {
  rmSync(state, { recursive: true, force: true });
  if (before === undefined) delete process.env.LOCKSTEP_STATE_DIR;
  else process.env.LOCKSTEP_STATE_DIR = before;
});

const other = 'b@example.com';
const env = {
  LOCKSTEP_A_EMAIL: email,
  LOCKSTEP_A_PASSWORD: 'a-password-of-the-first',
  LOCKSTEP_B_EMAIL: other,
  LOCKSTEP_B_PASSWORD: 'a-password-of-the-second',
};
const verdicts = (out: string): unknown =>
  Object.fromEntries(JSON.parse(out).results.map(({ check, verdict }: Record<string, string>) => [check, verdict]));

/** Checks against a deployment with these acts, by routes that answer as soon as they are asked. */
async function checked(names: readonly string[], acts: Readonly<Record<string, Act>>, people: typeof env | object) {
  const server = await deployment(acts);
  const base = `http://127.0.0.1:${server.port}`;
  try {
    const { out } = await run(
      ['check', ...names, '--auth', base, '--api', base, '--json'],
      { env: { ...people } },
      { limits: unhurried },
    );
    return verdicts(out);
  } finally {
    await server.stop();
  }
}

it('a token that takes longer than the look at the session is waited for, and asked for once', async () => {
  let asked = 0;
  const answered = await checked(
    ['session/login', 'token/fetch'],
    {
      'GET /api/auth/token'(socket) {
        asked += 1;
        // long after the check that asked beside has ended
        setTimeout(() => socket.write(answer(200, { token: `${part({ alg: 'HS256' })}.${part(claims)}.c2ln` })), 300);
      },
    },
    env,
  );
  expect(answered).toMatchObject({ 'session/login': 'pass', 'token/fetch': 'pass' });
  expect(asked).toBe(1);
});

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = { sub: 'user-a', exp: 4_102_444_800 };

/** Who signs in, in the order in which it comes about, and what becomes of it. */
function signIns(acts: Readonly<Record<string, (socket: Socket) => void>>) {
  const came: string[] = [];
  const act = (socket: Socket, request: IncomingMessage) => {
    const about = String(request.headers['user-agent']);
    expect(about).toMatch(/^lockstep\//);
    const who = came.length === 0 ? 'first' : 'second';
    came.push(who);
    acts[who]?.(socket);
  };
  return { came, acts: { 'POST /api/auth/sign-in/email': act } };
}

const signedIn = (socket: Socket, who: string) =>
  void socket.write(
    answer(200, { user: { id: who, email: who } }, ['set-cookie: better-auth.session_token=a-session-of-it; Path=/']),
  );
const both = ['session/login', 'session/second-user'];

it('the second user is signed in while the first is still waited for', async () => {
  let first: Socket | undefined;
  const { came, acts } = signIns({
    first: (socket) => {
      first = socket;
    },
    // answered together: a run that waits for the one before it asks for the other comes to no end of both
    second(socket) {
      if (first !== undefined) signedIn(first, email);
      signedIn(socket, other);
    },
  });
  const answered = await checked(both, acts, env);
  expect(came).toEqual(['first', 'second']);
  expect(answered).toMatchObject({ 'session/login': 'pass' });
});

it('and where nobody answers the first, or there is none', async () => {
  const cut = signIns({ first: (socket) => socket.destroy(), second: (socket) => signedIn(socket, email) });
  expect(await checked(both, cut.acts, env)).toMatchObject({ 'session/login': 'inconclusive' });
  expect(cut.came).toEqual(['first', 'second']);

  const { LOCKSTEP_B_EMAIL, LOCKSTEP_B_PASSWORD } = env;
  const alone = signIns({ first: (socket) => signedIn(socket, email) });
  const answered = await checked(both, alone.acts, { LOCKSTEP_B_EMAIL, LOCKSTEP_B_PASSWORD });
  expect(answered).toMatchObject({ 'session/login': 'skip' });
  expect(alone.came).toEqual(['first']);
});
