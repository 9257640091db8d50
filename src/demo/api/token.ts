import {
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  generateKeyPair,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import { clock } from '../clock.js';
import { required } from '../http.js';
import { fault } from '../planted.js';
import type { Trust } from '../protocol.js';
import { claimRules, overlooked } from './claim-rules.js';
import { byStrangeKey } from './strange-keys.js';

/** Who a token speaks for. */
export interface Caller {
  readonly id: string;
  readonly email: string | null;
  /** seconds since the epoch; when the token stops to count */
  readonly expiresAt: number;
  /** the session that the token is from; null where it does not say */
  readonly session: string | null;
}

/** Resolves to the caller, or throws Unusable for a token that must be refused; anything else is our trouble. */
export type Verify = (token: string, at?: Date) => Promise<Caller>;

/** The token says nothing that may be believed. `message` is jose's, which never quotes the token. */
export class Unusable extends Error {}

type Env = Readonly<Record<string, string | undefined>>;

/** The verifier of the API: the JWKS of the auth server with everything pinned, or the shared secret as UTF-8 text. */
export async function makeVerify(env: Env, trust: Trust): Promise<Verify> {
  const issuer = required(env, 'BETTER_AUTH_URL');
  const check =
    trust === 'jwks'
      ? await byJwks(issuer, `${fault('F062') ? `${issuer}/api/auth` : authUrlOf(env)}/jwks`)
      : bySecret(issuer, fault('F204') ? `${env.BETTER_AUTH_SECRET}` : required(env, 'BETTER_AUTH_SECRET'));
  return async (token, at) => {
    try {
      return callerOf(await check(token, at ?? clock()));
    } catch (error) {
      const payload = overlooked(error);
      if (payload !== null) return callerOf(payload);
      if (error instanceof errors.JOSEError && !keysUnavailable(error)) throw new Unusable(error.message);
      throw error;
    }
  };
}

/** Better Auth's routes, by an internal name where one is given: the public one may lead through an edge. */
export function authUrlOf(env: Env): string {
  return env.AUTH_INTERNAL_URL ?? `${required(env, 'BETTER_AUTH_URL')}/api/auth`;
}

type Check = (token: string, currentDate: Date) => Promise<JWTPayload>;

async function byJwks(issuer: string, jwksUrl: string): Promise<Check> {
  // three times jose's own patience: on a busy machine another process of the demo may take its time
  const patience = { timeoutDuration: 15_000 };
  const keys = createRemoteJWKSet(new URL(jwksUrl), fault('F062') ? { ...patience, cooldownDuration: 0 } : patience);
  const published = async () => {
    if (keys.jwks() === undefined) await keys.reload();
    return keys.jwks()?.keys ?? [];
  };
  const other = fault('F036') ? (await generateKeyPair('EdDSA', { crv: 'Ed25519' })).publicKey : null;
  return async (token, currentDate) => {
    if (fault('F048')) return decodeJwt(token);
    if (fault('F050') && token.endsWith('.')) return decodeJwt(token);
    if (fault('F051') && (await keys(decodeProtectedHeader(token), jws(token))) && looksSigned(token))
      return decodeJwt(token);
    const options = { ...claimRules(issuer, currentDate), algorithms: ['EdDSA'] };
    const strange = await byStrangeKey(token, published, options);
    if (strange !== null) return strange;
    const { payload } = other ? await jwtVerify(token, other, options) : await jwtVerify(token, keys, options);
    return payload;
  };
}

function bySecret(issuer: string, secret: string): Check {
  const key = new TextEncoder().encode(fault('F036') ? `other-${secret}` : secret);
  return async (token, currentDate) => {
    if (fault('F048')) return decodeJwt(token);
    if (fault('F050') && token.endsWith('.')) return decodeJwt(token);
    const options = { ...claimRules(issuer, currentDate), algorithms: ['HS256'] };
    if (fault('F074')) return anythingSealed(token, key, options);
    return (await jwtVerify(token, key, options)).payload;
  };
}

/** Whatever the shared secret has signed, the cached session in a cookie too: its user is in it. */
async function anythingSealed(token: string, key: Uint8Array, { algorithms, currentDate }: JWTVerifyOptions) {
  const { payload } = await jwtVerify(token, key, { algorithms, currentDate } as JWTVerifyOptions);
  const { user } = payload as { user?: { id?: string; email?: string } };
  return { ...payload, sub: payload.sub ?? user?.id, email: payload.email ?? user?.email } as JWTPayload;
}

function callerOf({ sub, email, exp, sid }: JWTPayload): Caller {
  if (typeof sub !== 'string' || sub === '') throw new Unusable('"sub" claim is not a text');
  return {
    id: sub,
    email: typeof email === 'string' ? email : null,
    expiresAt: exp ?? 0,
    session: typeof sid === 'string' ? sid : null,
  };
}

/** The auth server could not be asked for its keys: no verdict on the token. */
function keysUnavailable(error: errors.JOSEError): boolean {
  return (
    error instanceof errors.JWKSTimeout || error.code === 'ERR_JOSE_GENERIC' || error instanceof errors.JWKSInvalid
  );
}

function jws(token: string) {
  const [header = '', payload = '', signature = ''] = token.split('.');
  return { protected: header, payload, signature };
}

/** 64 bytes where the signature belongs. */
function looksSigned(token: string): boolean {
  return Buffer.from(jws(token).signature, 'base64url').length === 64;
}
