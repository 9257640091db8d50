import type { IncomingMessage, ServerResponse } from 'node:http';
import { fromNodeHeaders } from 'better-auth/node';
import { generateKeyPair, SignJWT } from 'jose';
import { sendJson } from '../http.js';
import { fault } from '../planted.js';
import type { Auth } from './better-auth.js';

type Session = NonNullable<Awaited<ReturnType<Auth['api']['getSession']>>>;
type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const lifetime = 30 * 60;
const algorithm = 'HS256';

/**
 * The token route that applications with a shared secret write, because the jwt plugin cannot do HS256. It stands
 * before the plugin's own `/token` and so replaces it.
 */
export function tokenRoute(auth: Auth, secret: string): Handler {
  const key = new TextEncoder().encode(secret);
  return async (request, response) => {
    const session = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
    if (session === null) return sendJson(response, 401, { error: 'Not authenticated' });
    const { user } = session;
    const now = Math.floor(Date.now() / 1000);
    const token = await new SignJWT({ ...claims(session), type: 'access' })
      .setProtectedHeader({ alg: algorithm })
      .setIssuedAt(now)
      .setExpirationTime(fault('F032') ? 900 : now + lifetime)
      .sign(key);
    sendJson(response, 200, { token, user, expiresAt: new Date((now + lifetime) * 1000).toISOString() });
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
  const registered = { iss: issuer, aud: issuer };
  return {
    async expired(session: Session): Promise<string> {
      const exp = Math.floor(session.session.createdAt.getTime() / 1000) - 60;
      if (secret === null) {
        const payload = { ...claims(session), ...registered, iat: exp - lifetime, exp };
        return (await auth.api.signJWT({ body: { payload } })).token;
      }
      const key = new TextEncoder().encode(secret);
      return new SignJWT({ ...claims(session), type: 'access', iat: exp - lifetime, exp })
        .setProtectedHeader({ alg: algorithm })
        .sign(key);
    },
    async unknownKey(session: Session): Promise<string> {
      const draft = new SignJWT({ ...claims(session), ...registered }).setIssuedAt().setExpirationTime('15m');
      if (secret !== null) {
        return draft.setProtectedHeader({ alg: algorithm }).sign(new TextEncoder().encode(`next-${secret}`));
      }
      const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
      return draft.setProtectedHeader({ alg: 'EdDSA', kid: crypto.randomUUID() }).sign(privateKey);
    },
  };
}

function claims({ user, session }: Session) {
  return { sub: user.id, email: user.email, name: user.name, sid: session.id };
}
