import type { IncomingMessage, ServerResponse } from 'node:http';
import { fromNodeHeaders } from 'better-auth/node';
import { generateKeyPair, SignJWT } from 'jose';
import { sendJson } from '../http.js';
import { fault } from '../planted.js';
import { type Auth, apiKey } from './better-auth.js';
import { sealOf, sessionCookieOf } from './session-cookie.js';

type Session = NonNullable<Awaited<ReturnType<Auth['api']['getSession']>>>;
type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const lifetime = fault('F042') ? 30 * 86_400 : 15 * 60;
const algorithm = 'HS256';

/**
 * The token route that applications with a shared secret write, because the jwt plugin cannot do HS256. It stands
 * before the plugin's own `/token` and so replaces it.
 */
export function tokenRoute(auth: Auth, secret: string, issuer: string): Handler {
  const key = new TextEncoder().encode(secret);
  return async (request, response) => {
    const session = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
    if (session === null) return sendJson(response, 401, { error: 'Not authenticated' });
    const { user } = session;
    const now = Math.floor(Date.now() / 1000);
    const draft = new SignJWT({ ...claims(session), ...registered(issuer), type: 'access' })
      .setProtectedHeader({ alg: algorithm })
      .setIssuedAt(now);
    if (!fault('F039')) draft.setExpirationTime(fault('F032') ? 900 : now + lifetime);
    const token = await draft.sign(key);
    sendJson(response, 200, { token, user, expiresAt: new Date((now + lifetime) * 1000).toISOString() });
  };
}

/** The token route of somebody who looks the session up by its token and forgets that it has an end. */
export function endlessSessions(auth: Auth, secret: string | null, issuer: string, healthy: Handler): Handler {
  const sign = signerOf(auth, secret, issuer);
  return async (request, response) => {
    const { adapter, secret: seal } = await auth.$context;
    const cookie = sessionCookieOf(request);
    const known = cookie?.mac === sealOf(cookie?.token ?? '', seal);
    const row = known
      ? await adapter.findOne<Session['session']>({
          model: 'session',
          where: [{ field: 'token', value: cookie.token }],
        })
      : null;
    const user =
      row && (await adapter.findOne<Session['user']>({ model: 'user', where: [{ field: 'id', value: row.userId }] }));
    if (row === null || user === null || row.expiresAt > new Date()) return healthy(request, response);
    sendJson(response, 200, { token: await sign.fresh({ session: row, user }) });
  };
}

/** Two ways in which a refresh can be worth nothing; the first token of a session is always the healthy route's. */
export function worthlessRefresh(auth: Auth, secret: string | null, issuer: string, healthy: Handler): Handler {
  const served = new Set<string>();
  const sign = signerOf(auth, secret, issuer);
  return async (request, response) => {
    const session = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
    if (session === null || !served.has(session.session.id)) {
      if (session !== null) served.add(session.session.id);
      return healthy(request, response);
    }
    const token = fault('F086') ? await sign.expired(session) : await sign.unknownKey(session);
    sendJson(response, 200, { token });
  };
}

function signerOf(auth: Auth, secret: string | null, issuer: string) {
  return {
    async fresh(session: Session): Promise<string> {
      const now = Math.floor(Date.now() / 1000);
      const payload = { ...claims(session), ...registered(issuer), iat: now, exp: now + lifetime };
      if (secret === null) return (await auth.api.signJWT({ body: { payload } })).token;
      return new SignJWT(payload).setProtectedHeader({ alg: algorithm }).sign(new TextEncoder().encode(secret));
    },
    async expired(session: Session): Promise<string> {
      const exp = Math.floor(session.session.createdAt.getTime() / 1000) - 60;
      if (secret === null) {
        const payload = { ...claims(session), ...registered(issuer), iat: exp - lifetime, exp };
        return (await auth.api.signJWT({ body: { payload } })).token;
      }
      const key = new TextEncoder().encode(secret);
      return new SignJWT({ ...claims(session), ...registered(issuer), type: 'access', iat: exp - lifetime, exp })
        .setProtectedHeader({ alg: algorithm })
        .sign(key);
    },
    async unknownKey(session: Session): Promise<string> {
      const draft = new SignJWT({ ...claims(session), ...registered(issuer) }).setIssuedAt().setExpirationTime('15m');
      if (secret !== null) {
        return draft.setProtectedHeader({ alg: algorithm }).sign(new TextEncoder().encode(`next-${secret}`));
      }
      const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
      return draft.setProtectedHeader({ alg: 'EdDSA', kid: crypto.randomUUID() }).sign(privateKey);
    },
  };
}

function claims({ user, session }: Session) {
  const own = { sub: user.id, email: user.email, name: user.name, sid: session.id };
  return fault('F044') ? { ...own, apiKey } : own;
}

function registered(issuer: string) {
  return { iss: fault('F041') ? 'http://localhost:3000' : issuer, aud: issuer };
}
