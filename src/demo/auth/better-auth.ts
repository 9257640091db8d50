import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { jwt } from 'better-auth/plugins/jwt';
import { multiSession } from 'better-auth/plugins/multi-session';
import { required } from '../http.js';
import { fault, twin } from '../planted.js';
import { openPool } from '../pool.js';
import type { Plan } from '../protocol.js';
import { sessionsInMemory } from './sessions-in-memory.js';

type Env = Readonly<Record<string, string | undefined>>;
/** what of the demo's settings Better Auth must know */
type Told = Pick<Plan, 'basePath'>;

/** Better Auth as an application sets it up: e-mail and password, and the jwt plugin. */
export function makeAuth(env: Env, told: Told) {
  // Better Auth finds its secret in the environment by itself, as it does in most applications
  return betterAuth(shared(env, told));
}

export type Auth = ReturnType<typeof makeAuth>;

/** What the secret before the last one left in the database: a signing key that nobody can decrypt any more. */
export async function leaveKeyOfFormerSecret(env: Env, told: Told): Promise<void> {
  await betterAuth({ ...shared(env, told), secret: `former-${required(env, 'BETTER_AUTH_SECRET')}` }).api.getJwks();
}

function shared(env: Env, { basePath }: Told) {
  return {
    database: openPool(required(env, 'DATABASE_URL'), 6),
    baseURL: required(env, 'BETTER_AUTH_URL'),
    basePath,
    emailAndPassword: { enabled: true, requireEmailVerification: twin('H21') },
    // off by default; on, so that throwaway users can go the way they came
    user: { deleteUser: { enabled: true }, ...(fault('F179') ? { additionalFields: roleOfUsers } : {}) },
    telemetry: { enabled: false },
    ...(twin('H07') ? { session: { cookieCache: { enabled: true, maxAge: 300 } } } : {}),
    ...(twin('H21') ? { databaseHooks: verifiedFirst(2) } : {}),
    advanced: { ipAddress: { trustedProxies: fault('F189') ? [] : proxies } },
    ...(fault('F200') ? { secondaryStorage: sessionsInMemory() } : {}),
    plugins: [jwt({ jwt: tokenSettings() }), ...(twin('H18') ? [multiSession()] : [])],
  } satisfies BetterAuthOptions;
}

/** A role that says what a user may do, and that users may send with everything else about themselves. */
const roleOfUsers = { role: { type: 'string', required: false, input: true, defaultValue: 'user' } } as const;

/** The first users of a deployment have verified their address; whoever comes later has yet to. */
function verifiedFirst(count: number): BetterAuthOptions['databaseHooks'] {
  let made = 0;
  return {
    user: { create: { before: async (user) => ({ data: { ...user, emailVerified: made++ < count } }) } },
  };
}

/** Where an edge may stand. With it the client is the rightmost stranger of X-Forwarded-For, not what a client says. */
const proxies = ['10.0.0.0/8'];

function tokenSettings() {
  if (fault('F003')) return { definePayload: () => Promise.reject(new Error('the payload cannot be made')) };
  if (fault('F032')) return { expirationTime: 900 };
  return { expirationTime: '15m' };
}
