import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { jwt } from 'better-auth/plugins';
import pg from 'pg';

type JwtOptions = NonNullable<Parameters<typeof jwt>[0]>;

export interface AuthServerOptions {
  /** an empty database */
  readonly database: string;
  readonly secret?: string;
  readonly secrets?: { version: number; value: string }[];
  readonly jwks?: JwtOptions['jwks'];
  readonly session?: BetterAuthOptions['session'];
}

/** A real Better Auth with its jwt plugin, on a free port of loopback. */
export interface AuthServer {
  /** `http://localhost:PORT/api/auth` */
  readonly url: string;
  readonly origin: string;
  /** signs a new user up; cookies as name and value, as they came */
  signUp(email: string): Promise<{ readonly userId: string; readonly cookies: ReadonlyMap<string, string> }>;
  get(path: string, cookies: ReadonlyMap<string, string>): Promise<Response>;
  /** what Better Auth itself reads in a token, null where it does not take it */
  verifies(token: string): Promise<Record<string, unknown> | null>;
  stop(): Promise<void>;
}

export async function startAuthServer({
  database,
  secret,
  secrets,
  jwks,
  session,
}: AuthServerOptions): Promise<AuthServer> {
  const pool = new pg.Pool({ connectionString: database, max: 3 });
  // a connection that ends while the database stops is nobody's mistake
  pool.on('error', () => {});
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const auth = betterAuth({
    baseURL: origin,
    database: pool,
    emailAndPassword: { enabled: true },
    plugins: [jwt({ ...(jwks === undefined ? {} : { jwks }) })],
    logger: { disabled: true },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    ...(secret === undefined ? {} : { secret }),
    ...(secrets === undefined ? {} : { secrets }),
    ...(session === undefined ? {} : { session }),
  });
  await (await getMigrations(auth.options)).runMigrations();
  const handle = toNodeHandler(auth);
  const url = `${origin}/api/auth`;
  return {
    url,
    origin,
    async signUp(email) {
      const response = await fetch(`${url}/sign-up/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin },
        body: JSON.stringify({ email, password: 'a-password-of-the-tests', name: 'Ada' }),
      });
      const { user } = (await response.json()) as { user: { id: string } };
      const cookies = response.headers.getSetCookie().map((line) => /^([^=]+)=([^;]*)/.exec(line)?.slice(1) ?? []);
      return { userId: user.id, cookies: new Map(cookies as [string, string][]) };
    },
    get: (path, cookies) =>
      fetch(`${url}${path}`, {
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      }),
    async verifies(token) {
      const { payload } = await auth.api.verifyJWT({ body: { token } });
      return payload as Record<string, unknown> | null;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await pool.end();
    },
  };
}
