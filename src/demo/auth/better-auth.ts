import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { jwt } from 'better-auth/plugins/jwt';
import { required } from '../http.js';
import { fault } from '../planted.js';
import { openPool } from '../pool.js';

/** Better Auth as an application sets it up: e-mail and password, and the jwt plugin. */
export function makeAuth(env: Env, deleteUser: boolean) {
  return betterAuth({
    ...shared(env, deleteUser),
    // read by Better Auth itself from BETTER_AUTH_SECRET; said here so that its absence is an error, not the default
    secret: required(env, 'BETTER_AUTH_SECRET'),
  });
}

export type Auth = ReturnType<typeof makeAuth>;

/** What the secret before the last one left in the database: a signing key that nobody can decrypt any more. */
export async function leaveKeyOfFormerSecret(env: Env, deleteUser: boolean): Promise<void> {
  await betterAuth({
    ...shared(env, deleteUser),
    secret: `former-${required(env, 'BETTER_AUTH_SECRET')}`,
  }).api.getJwks();
}

type Env = Readonly<Record<string, string | undefined>>;

function shared(env: Env, deleteUser: boolean) {
  return {
    database: openPool(required(env, 'DATABASE_URL'), 6),
    baseURL: required(env, 'BETTER_AUTH_URL'),
    emailAndPassword: { enabled: true },
    // off by default; on, so that throwaway users can go the way they came
    user: { deleteUser: { enabled: deleteUser } },
    telemetry: { enabled: false },
    plugins: [jwt({ jwt: tokenSettings() })],
  } satisfies BetterAuthOptions;
}

function tokenSettings() {
  if (fault('F003')) return { definePayload: () => Promise.reject(new Error('the payload cannot be made')) };
  if (fault('F032')) return { expirationTime: 900 };
  return { expirationTime: '15m' };
}
