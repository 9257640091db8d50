import { createHash, randomBytes } from 'node:crypto';
import { type BetterAuthOptions, betterAuth, type GenericEndpointContext } from 'better-auth';
import { jwt } from 'better-auth/plugins/jwt';
import { multiSession } from 'better-auth/plugins/multi-session';
import { required } from '../http.js';
import { fault, twin } from '../planted.js';
import { openPool } from '../pool.js';
import type { Plan } from '../protocol.js';
import { sessionsInMemory } from './sessions-in-memory.js';
import { adoptPresented, tellsWhoExists } from './sign-in-mistakes.js';

type Env = Readonly<Record<string, string | undefined>>;
/** what of the demo's settings Better Auth must know */
type Told = Pick<Plan, 'basePath' | 'deleteUser' | 'quickPasswords'>;

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

/** What was there before encryption was turned off: a key that is still encrypted. */
export async function leaveEncryptedKey(env: Env, told: Told): Promise<void> {
  const before = { ...shared(env, told), plugins: [jwt()] };
  await betterAuth({ ...before, secret: required(env, 'BETTER_AUTH_SECRET') }).api.getJwks();
}

const hashedOnce = (password: string) => createHash('sha256').update(password).digest('hex');
const quick = {
  hash: async (password: string) => hashedOnce(password),
  verify: async ({ hash, password }: { hash: string; password: string }) => hash === hashedOnce(password),
};

function shared(env: Env, { basePath, deleteUser, quickPasswords }: Told) {
  return {
    database: openPool(required(env, 'DATABASE_URL'), 6),
    baseURL: required(env, 'BETTER_AUTH_URL'),
    basePath,
    emailAndPassword: {
      enabled: true,
      requireEmailVerification: twin('H21'),
      ...(quickPasswords ? { password: quick } : {}),
    },
    // off by default; on, so that throwaway users can go the way they came
    user: { deleteUser: { enabled: deleteUser }, ...(fault('F179') ? { additionalFields: roleOfUsers } : {}) },
    telemetry: { enabled: false },
    ...(twin('H07') ? { session: { cookieCache: { enabled: true, maxAge: 300 } } } : {}),
    ...(fault('F023') ? { session: { cookieCache: { enabled: true, maxAge: 300 } } } : {}),
    ...(fault('F074') ? { session: { cookieCache: { enabled: true, maxAge: 300, strategy: 'jwt' } } } : {}),
    ...(fault('F005') ? { hooks: { before: tellsWhoExists } } : {}),
    databaseHooks: {
      user: { create: { after: leaveOldSession, ...(twin('H21') ? verifiedFirst(2) : {}) } },
      ...(fault('F024') ? { session: { create: adoptPresented } } : {}),
    },
    advanced: {
      ipAddress: { trustedProxies: fault('F189') ? [] : proxies },
      ...(fault('F006') ? { disableCSRFCheck: true } : {}),
      ...(fault('F009') ? { defaultCookieAttributes: { httpOnly: false } } : {}),
      ...(fault('F011') ? { defaultCookieAttributes: { sameSite: 'none' } } : {}),
    },
    ...(fault('F200') ? { secondaryStorage: sessionsInMemory() } : {}),
    plugins: [
      jwt({ jwt: tokenSettings(), ...(fault('F212') ? { jwks: { disablePrivateKeyEncryption: true } } : {}) }),
      ...(twin('H18') ? [multiSession()] : []),
    ],
  } satisfies BetterAuthOptions;
}

/** A field that somebody added to the user, and that every token then has. */
export const apiKey = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc';

/** A role that says what a user may do, and that users may send with everything else about themselves. */
const roleOfUsers = { role: { type: 'string', required: false, input: true, defaultValue: 'user' } } as const;

/** The first users of a deployment have verified their address; whoever comes later has yet to. */
function verifiedFirst(count: number) {
  let made = 0;
  return { before: async (user: object) => ({ data: { ...user, emailVerified: made++ < count } }) };
}

/** Where an edge may stand. With it the client is the rightmost stranger of X-Forwarded-For, not what a client says. */
const proxies = ['10.0.0.0/8'];

function tokenSettings() {
  if (fault('F003')) return { definePayload: () => Promise.reject(new Error('the payload cannot be made')) };
  if (fault('F032')) return { expirationTime: 900 };
  if (fault('F041')) return { expirationTime: '15m', issuer: 'http://localhost:3000' };
  if (fault('F042')) return { expirationTime: '30d' };
  if (fault('F044'))
    return { expirationTime: '15m', definePayload: (said: Said) => ({ ...definePayload(said), apiKey }) };
  return { expirationTime: '15m', definePayload };
}

interface Said {
  readonly user: object;
  readonly session: { readonly id: string };
}

/** What the plugin says of a user anyhow, and which session it is: an API can then tell that one from others. */
function definePayload({ user, session }: Said) {
  return { ...user, sid: session.id };
}

/** Everybody was here before, and that session ended a month ago: its row is there still, as such rows are. */
async function leaveOldSession(user: { id: string }, endpoint: GenericEndpointContext | null): Promise<void> {
  // where sessions are kept in memory there are no rows of them
  if (fault('F200')) return;
  const then = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000);
  await endpoint?.context.adapter.create({
    model: 'session',
    data: {
      userId: user.id,
      token: randomBytes(24).toString('base64url'),
      createdAt: then(37),
      updatedAt: then(37),
      expiresAt: then(30),
    },
  });
}
