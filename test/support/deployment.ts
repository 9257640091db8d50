import { createHmac } from 'node:crypto';
import type { Protected } from '../../src/checks/token/accepted-by-api.js';
import type { Reply } from '../../src/core/reply.js';
import { Secret } from '../../src/core/secret.js';
import type { Policy, Target } from '../../src/core/target.js';
import type { HttpRequest } from '../../src/world.js';

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT signed with HS256 by hand (RFC 7515 A.1), so that no library under test makes the expectation. */
export function hs256(claims: object, secret: string): string {
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** A token with `alg: none` and no signature (RFC 7519 6.1). */
export function unsigned(sub: string): string {
  return `${encode({ alg: 'none' })}.${encode({ sub, exp: farFuture })}.`;
}

/** Year 2100: a token that a test need not hurry with. */
export const farFuture = 4_102_444_800;

export const tokens = {
  a: hs256({ sub: 'user-a', exp: farFuture }, 'the-secret-of-the-tests'),
  b: hs256({ sub: 'user-b', exp: farFuture }, 'the-secret-of-the-tests'),
};

const jar = { cookieHeader: async () => 'better-auth.session_token=abc', store: async () => {} };

export const gifts = {
  session: { email: 'a@example.test', userId: 'user-a', jar, headers: [] },
  sessionOfB: { email: 'b@example.test', userId: 'user-b', jar, headers: [] },
  token: {
    jwt: new Secret(tokens.a),
    alg: 'HS256',
    userId: 'user-a',
    names: ['user-a', 'a@example.test'],
    claims: { sub: 'user-a', exp: farFuture },
  },
  tokenOfB: {
    jwt: new Secret(tokens.b),
    alg: 'HS256',
    userId: 'user-b',
    names: ['user-b', 'b@example.test'],
    claims: { sub: 'user-b', exp: farFuture },
  },
};

/** What holds where nothing is declared. */
export const policy: Policy = {
  tokenLifetime: 900,
  leeway: 60,
  audience: 'enforced',
  sessions: 'multiple',
  authCloseCodes: [4401, 4403, 1008, 3000, 3003],
  authDeadline: 10,
  rateLimit: 'app',
};

/** A target with everything declared, at addresses where nothing is. */
export function target(overrides: Partial<Target> = {}): Target {
  return {
    name: 'test',
    auth: 'http://auth.test/api/auth',
    origin: 'http://auth.test',
    api: 'http://api.test',
    tokenRoute: { value: '/token', declared: true },
    trust: 'auto',
    users: {
      a: { name: 'a', email: 'a@example.test', password: new Secret('password-of-user-a') },
      b: { name: 'b', email: 'b@example.test', password: new Secret('password-of-user-b') },
    },
    routes: {
      me: { value: { get: '/api/me', identity: '/id' }, declared: true },
      resources: {
        value: [
          {
            name: 'tasks',
            collection: '/api/tasks',
            item: '/api/tasks/{id}',
            id: '/id',
            create: { title: '{canary}' },
            assumed: false,
            update: { title: '{canary}' },
            children: [],
            shared: false,
          },
        ],
        declared: true,
      },
      stream: null,
      chatkit: null,
      socket: {
        value: { url: 'ws://api.test/api/ws', auth: { mode: 'query', name: 'token' }, ack: { type: 'ready' } },
        declared: true,
      },
      talk: { ask: null, join: null, say: null },
      protected: [],
      public: [],
      health: null,
    },
    policy,
    signUp: [],
    database: null,
    secret: null,
    admin: null,
    caFile: null,
    production: false,
    ...overrides,
  };
}

/** What `token/accepted-by-api` gives of an API that says `{"id":"user-a"}` to its caller and 401 to nobody. */
export const protectedRoute: Protected = {
  path: '/api/me',
  control: answer(200, { id: 'user-a' }),
  anonymous: answer(401, { error: 'no token' }),
  names: gifts.token.names,
};

function answer(status: number, json: unknown): Reply {
  const headers = [['content-type', 'application/json']] as const;
  return { method: 'GET', url: 'http://api.test/api/me', status, headers, text: JSON.stringify(json), json, ms: 1 };
}

/** Whether a JWT is signed with HS256 under a secret, by hand (RFC 7515 5.2). */
export function verifies(jwt: string, secret: string): boolean {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const wanted = createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url');
  return headerOf(jwt).alg === 'HS256' && signature === wanted;
}

export function headerOf(jwt: string): Record<string, unknown> {
  return decoded(jwt, 0);
}

export function claimsOf(jwt: string): Record<string, unknown> {
  return decoded(jwt, 1);
}

function decoded(jwt: string, part: 0 | 1): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(jwt.split('.')[part] ?? '', 'base64url').toString());
  } catch {
    return {};
  }
}

export function bearerOf({ headers }: HttpRequest): string | null {
  return headers.authorization?.replace(/^Bearer /, '') ?? null;
}
